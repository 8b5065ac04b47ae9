import assert from 'node:assert/strict'
import { startFaultProxy } from './fault-proxy.ts'
import { totals } from './ledger.ts'
import { Run, type WritingVerb } from './run.ts'
import { said, type Scene } from './scene.ts'

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
