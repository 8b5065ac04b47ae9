import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { startFaultProxy } from './fault-proxy.ts'
import { totals } from './ledger.ts'
import { dice } from './random.ts'
import { Run } from './run.ts'
import { said, type Scene, type WritingVerb } from './scene.ts'

/** A write, by its method and path, and which one of those. */
export type Named = readonly [pattern: RegExp, turn: number]

/** Runs a verb, and kills it as soon as the API server has carried out the write. */
export async function killedOnceIn(
  scene: Scene,
  [pattern, turn]: Named,
  verb: WritingVerb,
  ...args: readonly string[]
): Promise<void> {
  let seen = 0
  let run: Run | undefined
  await using proxy = await startFaultProxy(scene.plane, ({ method, path, isDryRun }) => {
    if (isDryRun || !pattern.test(`${method} ${path}`)) return undefined
    seen += 1
    return seen === turn ? () => run?.kill() : undefined
  })
  run = new Run(scene.by(proxy.kubeconfig), verb, ...args)
  const end = await run.ended
  assert.equal(end.code, null, said(end))
  totals.kills += 1
}

/** How often each run is killed, at most. */
const KILLS = 10

/**
 * Starts a verb and kills it, again and again: so many events and milliseconds after it began as the dice say. Then
 * lets it come to its end. A lock that a killed run has left is broken, or outlived.
 */
export async function killedAgainAndAgain(scene: Scene, verb: WritingVerb, ...args: readonly string[]): Promise<void> {
  const random = dice(scene.name)
  for (let kills = 0; kills < KILLS; kills++) {
    const run = new Run(scene, verb, ...args, ...(random() < 0.7 ? ['--break-lock'] : []))
    const events = Math.floor(random() * 4)
    await run.tells((_, index) => index + 1 >= events)
    await Promise.race([delay(random() * (events === 0 ? 1500 : 400)), run.ended])
    run.kill()
    const end = await run.ended
    if (end.code === 0) return
    assert.equal(end.code, null, said(end))
    totals.kills += 1
  }
  await scene.succeeds(verb, ...args)
}
