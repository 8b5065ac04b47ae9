import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../../controlplane/run.ts'
import { TestTerminal } from '../../../support/terminal.ts'
import { environmentOf, pluginPath } from '../../support.ts'
import { GROUP } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { pair } from '../worlds.ts'

const promotes = ({ namespace }: Scene): string => `'${pluginPath}' promote-all ${GROUP} -n ${namespace} --yes`

/** Version 2.0 is promoted by something, and users have it. */
const promotedBy =
  (act: (scene: Scene) => Promise<void>) =>
  async (scene: Scene): Promise<void> => {
    await scene.running()
    const probe = await scene.probe()
    await scene.waiting()
    await act(scene)
    await scene.isOn('2.0')
    await probe.clean()
  }

/** With its outputs so, a shell's release ends with this code. */
const written = (to: string, code: number) =>
  promotedBy(async (scene) => {
    const end = await run('/bin/bash', ['-c', `${promotes(scene)} ${to}`], { env: environmentOf(scene.plane) })
    assert.equal(end.code, code, end.stderr)
  })

/** The window is closed on a release that has left its session. */
async function outlivesItsTerminal(scene: Scene): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'left-'))
  const code = join(dir, 'code')
  const changes = watch(dir)
  const line = `setsid -w sh -c '${promotes(scene).replaceAll("'", '')}; echo $? >${code}' & wait`
  const env = environmentOf(scene.plane)
  const terminal = new TestTerminal('/bin/bash', ['--norc', '-c', line], { rows: 60, env })
  await terminal.shows(/Promote group/)
  terminal.hangUp()
  for await (const _ of changes) if (existsSync(code) && readFileSync(code, 'utf8') !== '') break
  assert.equal(readFileSync(code, 'utf8'), '0\n')
  rmSync(dir, { recursive: true })
}

export const outputs: Cases = {
  'a pair, with a full disk under its log': [pair(), written('2>/dev/full', 0)],
  'a pair, with a full disk under its report': [pair(), written('>/dev/full', 1)],
  'a pair, with its outputs closed': [pair(), written('>&- 2>&-', 0)],
  'a pair, whose reader has left': [pair(), written('2>&1 | true; exit ${PIPESTATUS[0]}', 0)],
  'a pair, whose terminal is gone': [pair(), promotedBy(outlivesItsTerminal)],
}
