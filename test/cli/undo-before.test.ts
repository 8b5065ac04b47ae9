import assert from 'node:assert/strict'
import { plainRelease } from '../../src/sim/scenarios/plain.ts'
import { apply, type RawManifest } from '../../src/sim/scenarios/scenario.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { isWrite } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'

/** The plain pair as files have it. */
type Files = readonly RawManifest[]

const MODERN = { metadata: { annotations: { 'rollouts-group/mode': 'modern' } } }

/** Of a group in modern mode. */
function modern(version: string, feature: string): Files {
  return plainRelease(version).map((each) => {
    if (each['kind'] !== 'Rollout') return each
    const { metadata, spec } = structuredClone(each) as any
    spec.template.spec.containers[0].env.push({ name: 'FEATURE', value: feature })
    return { ...each, metadata: { ...metadata, ...MODERN.metadata }, spec }
  })
}

/** As `kubectl apply` does it, which takes the label away that its file does not have. */
function unlabelled(manifest: RawManifest): RawManifest {
  const { spec } = structuredClone(manifest) as any
  if (manifest['kind'] === 'Rollout') spec.template.metadata.labels['rollouts-group/release'] = null
  return { ...manifest, spec }
}

describe('the release before, for undo-all', () => {
  let world: ReturnType<typeof living>
  beforeEach(() => {
    world = living('plain')
  })

  const typed = ([verb, ...words]: readonly [string, ...string[]], input?: string) =>
    virtualCli(world, [verb, 'loan', '-n', 'plain', ...words], undefined, input)
  const release = (files: Files, ...words: readonly string[]) =>
    typed(['release', '-f', '-', '--yes', ...words], files.map((each) => JSON.stringify(each)).join('\n---\n'))
  async function released(files: Files): Promise<void> {
    const { exit, told } = await release(files)
    assert.equal(exit, 0, told)
  }
  const minute = () => world.time.until(world.connect().clock.after(60_000, new AbortController().signal))
  const undo = (...words: readonly string[]) => typed(['undo-all', ...words])
  /** `2.0 · past`, the newest first. */
  const history = async () =>
    JSON.parse((await typed(['history', '-o', 'json'])).told).releases.map(
      ({ name, state, by }: any) => `${name} ${state}${by === undefined ? '' : ` by ${by}`}`,
    )

  it('is the one that users had, not what was tried under the same version after it, and failed', async () => {
    // There nothing is wired, so that no release has a name but its version.
    for (const name of ['my-backend', 'my-frontend'])
      world.store.patch('rollouts', 'plain', name, { type: 'merge', body: MODERN })
    await released(modern('2.0', 'off'))
    assert.equal((await release(modern('2.0', 'broken'), '--smoke', 'fails')).exit, 1)
    await released(modern('3.0', 'off'))
    assert.deepEqual(await history(), ['3.0 live by ann@laptop', '2.0 past by ann@laptop', '1.0 past'])
    for (const words of [[], ['--to=2.0']]) {
      const { exit, told } = await undo('--dry-run', ...words)
      assert.equal(exit, 0, told)
      assert.match(told, /^back to release 2\.0, as 2\.0-u1: /m)
      assert.doesNotMatch(told, /broken/)
    }
  })

  it('is none that somebody applied twice and aborted, though nothing stands on the first of its revisions', async () => {
    for (const feature of ['off', 'on']) {
      for (const each of modern('2.0', feature)) apply(world.store, 'plain', each)
      await minute()
    }
    for (const name of ['my-backend', 'my-frontend'])
      world.store.patch('rollouts', 'plain', name, {
        type: 'merge',
        body: { status: { abort: true } },
        subresource: 'status',
      })
    await minute()
    assert.deepEqual(await history(), ['2.0 withdrawn', '1.0 live'])
  })

  it('is none that users were brought back from in the middle', async () => {
    const bad = ['--bake=3s', '--bake-check=fails', '--on-failure=rollback']
    assert.equal((await release(plainRelease('2.0'), ...bad)).exit, 1)
    await released(plainRelease('3.0'))
    assert.deepEqual(await history(), ['3.0 live by ann@laptop', '2.0 withdrawn', '1.0 past'])
    const { exit, told } = await undo('--yes')
    assert.equal(exit, 0, told)
    assert.match(told, /^back to release 1\.0, as 1\.0-u1: my-backend 3\.0 → 1\.0, my-frontend 3\.0 → 1\.0$/m)
    assert.deepEqual((await history())[0], '1.0-u1 live by ann@laptop')
  })

  it('is none that somebody brought users back from by hand', async () => {
    const first = world.store.list('rollouts')
    await released(plainRelease('2.0'))
    for (const { metadata, spec } of first)
      world.store.patch('rollouts', 'plain', metadata.name, {
        type: 'json',
        body: [{ op: 'replace', path: '/spec/template', value: spec.template }],
      })
    await minute()
    for (const { metadata, status } of world.store.list('rollouts'))
      if (status.pauseConditions !== undefined)
        world.store.patch('rollouts', 'plain', metadata.name, {
          type: 'json',
          body: [{ op: 'remove', path: '/status/pauseConditions' }],
          subresource: 'status',
        })
    await minute()
    assert.deepEqual(await history(), ['2.0 past by ann@laptop', '1.0 live'])
    await released(plainRelease('3.0'))
    assert.match((await undo('--dry-run')).told, /^back to release 1\.0, as 1\.0-u1: /m)
  })

  it('is none that differs in its wiring alone; named, it is said that nothing is to be done', async () => {
    await released(plainRelease('2.0'))
    const written = () => world.requests.filter(isWrite).length
    for (const each of plainRelease('2.0')) apply(world.store, 'plain', unlabelled(each))
    await minute()
    await released(plainRelease('2.0'))
    const before = written()
    assert.deepEqual(await undo('--to=2.0', '--yes'), {
      exit: 0,
      told: 'Group loan: nothing to undo, release 2.0 differs from what users are on in nothing but its wiring.\n',
    })
    assert.equal(written(), before)
    const { exit, told } = await undo('--yes')
    assert.equal(exit, 0, told)
    assert.match(told, /^back to release 1\.0, as 1\.0-u1: my-backend 2\.0 → 1\.0, my-frontend 2\.0 → 1\.0$/m)
    assert.deepEqual((await history())[0], '1.0-u1 live by ann@laptop')
  })

  it('is none that was withdrawn, whatever was released since', async () => {
    assert.equal((await release(plainRelease('2.0'), '--smoke', 'fails')).exit, 1)
    await released(plainRelease('3.0'))
    assert.deepEqual(await history(), ['3.0 live by ann@laptop', '2.0 withdrawn', '1.0 past'])
  })
})
