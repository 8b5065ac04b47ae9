import assert from 'node:assert/strict'
import { appliedByKubectl, fileOf } from '../files.ts'
import { killedOnceIn, type Named } from '../killed.ts'
import type { World } from '../manifests.ts'
import type { Case, Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { canaries, diamond, mixture, pair } from '../worlds.ts'

/** How consumers reach what changes: by a Service of the release, or by the preview Service, and back. */
type Way = 'pinned' | 'preview'

async function runs(scene: Scene, code: number, verb: string, ...args: readonly string[]): Promise<string> {
  const run = await scene.plugin(verb, '--yes', ...args)
  assert.equal(run.code, code, said(run))
  return said(run)
}

/** A pair whose old pods stay for so many seconds: those of the frontend, and those of the backend. */
const staying = (frontend: number, backend: number): World =>
  pair({ strategy: { scaleDownDelaySeconds: frontend } }, { strategy: { scaleDownDelaySeconds: backend } })

/** The frontend is on 2.0, for somebody has promoted it; the backend waits. */
async function halfPromoted(scene: Scene, way: Way): Promise<void> {
  await runs(scene, 7, 'release', '-f', await fileOf(scene, '2.0'), `--wiring=${way}`, '--approve')
  await scene.official('promote', 'frontend')
  await scene.until('rollouts', 'frontend', ({ status }) => status.stableRS === status.currentPodHash)
}

/** @param gone the old pods of the frontend are: it comes back through its gate, and not at once */
const takenBack = (world: World, way: Way, gone: boolean): Case => [
  world,
  async (scene) => {
    await appliedByKubectl(scene)
    const { status } = await scene.get('rollouts', 'frontend')
    const probe = await scene.probe()
    await halfPromoted(scene, way)
    if (gone) await scene.until('replicasets', `frontend-${status.stableRS}`, (old) => old['status'].replicas === 0)
    assert.match(await runs(scene, 3, 'undo-all'), /users are on a part of release 2\.0.*abort-all .*--undo-promoted/s)
    const back = await runs(scene, 0, 'abort-all', '--undo-promoted')
    assert.equal(/Group shop deployed/.test(back), gone, back)
    await scene.isOn('1.0')
    assert.match(await runs(scene, 0, 'undo-all', '--to=1.0'), /nothing to undo, users are on release 1\.0/)
    await runs(scene, 0, 'release', '-f', await fileOf(scene, '2.0'), `--wiring=${way}`)
    await scene.isOn('2.0')
    await probe.clean()
  },
]

/** Released, taken back, and taken back once more, which does nothing. */
const undone = (world: World, way: Way): Case => [
  world,
  async (scene) => {
    await appliedByKubectl(scene)
    const probe = await scene.probe()
    await runs(scene, 0, 'release', '-f', await fileOf(scene, '2.0'), `--wiring=${way}`)
    await scene.isOn('2.0')
    await runs(scene, 0, 'undo-all')
    await scene.isOn('1.0')
    assert.match(await runs(scene, 0, 'undo-all'), /nothing to undo, users are on release 1\.0/)
    await probe.clean()
  },
]

const WINDOW = { spec: { rollbackWindow: { revisions: 3 } } }

/** Killed at each of these writes, one after the other, and made again to its end. */
const undoneOver = (files: 'live' | 'next', wiring: string, writes: readonly Named[]): Case => [
  pair(),
  async (scene) => {
    await appliedByKubectl(scene)
    const probe = await scene.probe()
    await runs(scene, 0, 'release', '-f', await fileOf(scene, '2.0', files), `--wiring=${wiring}`)
    await scene.isOn('2.0')
    for (const each of writes) await killedOnceIn(scene, each, 'undo-all', '--break-lock')
    await runs(scene, 0, 'undo-all', '--break-lock')
    await scene.isOn('1.0')
    assert.match(await runs(scene, 0, 'undo-all'), /nothing to undo, users are on release 1\.0/)
    await probe.clean()
  },
]

const SERVICE = /^POST .*\/services$/
const DEPLOYS = /^PATCH .*\/rollouts\/\w+$/
const promotes = (name: string): RegExp => new RegExp(`^PATCH .*/rollouts/${name}/status$`)

/** Every way back in either wiring. */
const ROWS: readonly (readonly [what: string, usual: Way, of: (way: Way) => Case])[] = [
  ['half promoted, while old pods are there', 'preview', (way) => takenBack(staying(20, 2), way, false)],
  ['half promoted, without old pods', 'pinned', (way) => takenBack(pair(), way, true)],
  ['undone while old pods of the backend are there', 'preview', (way) => undone(staying(2, 20), way)],
  ['undone within a rollbackWindow', 'pinned', (way) => undone(pair(WINDOW, WINDOW), way)],
  ['canaries, undone', 'preview', (way) => undone(canaries, way)],
  ['a canary frontend over a blue/green backend, undone', 'pinned', (way) => undone(mixture, way)],
]

/** What is seen in one wiring each time is seen in the other one where all is played. */
export const otherWaysBack: Cases = Object.fromEntries(
  ROWS.map(([what, usual, of]) => {
    const other = usual === 'pinned' ? 'preview' : 'pinned'
    return [`${what}, ${other}`, of(other)]
  }),
)

export const waysBack: Cases = {
  ...Object.fromEntries(ROWS.map(([what, usual, of]) => [`${what}, ${usual}`, of(usual)])),
  'a diamond, of images whose tag moves, undone, preview': undone(diamond, 'preview'),
  'undone, and killed at a Service, a Rollout and each promote': undoneOver('live', 'pinned', [
    [SERVICE, 1],
    [DEPLOYS, 1],
    [promotes('frontend'), 1],
    [promotes('backend'), 1],
  ]),
  'undone, and killed while it settles, deploys, promotes, and settles again': undoneOver('next', 'as-is', [
    [DEPLOYS, 1],
    [promotes('frontend'), 1],
    [DEPLOYS, 1],
    [promotes('frontend'), 1],
    [promotes('backend'), 1],
    [DEPLOYS, 1],
  ]),
}
