import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Play, playedInLanes } from './lanes.ts'
import { plane } from './plane.ts'
import { startProber } from './prober.ts'
import { note } from './releases/ledger.ts'
import { said } from './releases/scene.ts'
import { apply, freshNamespace, hasty, hastyExample, pathOf, runPlugin, waitForPhase } from './support.ts'

const MEMBERS = ['my-backend', 'my-frontend']

/** A version of the example that nobody has wired; old pods go soon. */
function manifests(version: string): string {
  return hasty(readFileSync(`examples/plain/${version}.yaml`, 'utf8'))
}

/** The version behind each Service of the example. */
async function versions(namespace: string): Promise<readonly string[]> {
  return Promise.all(
    MEMBERS.map(async (name) => {
      const { status } = await plane().api.get(`${pathOf('rollouts', namespace)}/${name}`)
      const set = await plane().api.get(`${pathOf('replicasets', namespace)}/${name}-${status.stableRS}`)
      return set['spec'].template.spec.containers[0].env[0].value
    }),
  )
}

const UNWIRED: Readonly<Record<string, Play<void>>> = {
  'goes back to the release before, right after it was promoted: no request meets two versions or an empty Service':
    async () => {
      const namespace = await freshNamespace(plane(), 'plain')
      await apply(plane(), namespace, manifests('v1'))
      await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
      const prober = await startProber(plane(), { namespace, entryService: 'frontend' })
      const run = await runPlugin(plane(), ['release', 'loan', '-n', namespace, '-f', '-', '--yes'], {
        input: manifests('v2'),
      })
      assert.equal(run.code, 0, said(run))
      const back = await runPlugin(plane(), ['undo-all', 'loan', '-n', namespace, '--yes'], {})
      assert.equal(back.code, 0, said(back))
      assert.deepEqual(await versions(namespace), ['1.0', '1.0'])
      const report = await prober.stop()
      const { mixed, empty, mixedOld, emptyOld } = report
      note('a plain group, released and undone', report, mixed + empty + mixedOld + emptyOld === 0 ? 'clean' : 'MISSED')
      assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
    },

  'is released from files without its label, which kubectl has put on in the cluster: it stays there': async () => {
    const namespace = await freshNamespace(plane(), 'plain')
    const files = (version: string) =>
      manifests(version).replaceAll('  labels: {app.kubernetes.io/part-of: loan}\n', '')
    await apply(plane(), namespace, files('v1'))
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const label = ['label', 'rollout', ...MEMBERS, 'app.kubernetes.io/part-of=loan']
    const labelled = await plane().kubectl(['-n', namespace, ...label])
    assert.equal(labelled.code, 0, said(labelled))
    for (const version of ['v2', 'v3']) {
      const run = await runPlugin(plane(), ['release', 'loan', '-n', namespace, '-f', '-', '--yes'], {
        input: files(version),
      })
      assert.equal(run.code, 0, said(run))
      assert.equal(run.stderr.match(/labelled-there/g)?.length, 1, said(run))
    }
    assert.deepEqual(await versions(namespace), ['3.0', '3.0'])
    // Whose files take away what they had given are told so.
    await apply(plane(), namespace, manifests('v3'))
    const lost = await runPlugin(plane(), ['deploy-all', 'loan', '-n', namespace, '-f', '-', '--yes'], {
      input: files('v2'),
    })
    assert.equal(lost.code, 3, said(lost))
    assert.match(lost.stderr, /would lose its label app\.kubernetes\.io\/part-of=loan/)
  },

  'is released twice, a command each: no request meets two versions or an empty Service': async () => {
    const namespace = await freshNamespace(plane(), 'plain')
    await apply(plane(), namespace, manifests('v1'))
    await Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
    const prober = await startProber(plane(), { namespace, entryService: 'frontend' })
    for (const version of ['v2', 'v3']) {
      const run = await runPlugin(plane(), ['release', 'loan', '-n', namespace, '-f', '-', '--yes'], {
        input: manifests(version),
      })
      assert.equal(run.code, 0, said(run))
      assert.deepEqual(
        await versions(namespace),
        MEMBERS.map(() => version.replace('v', '') + '.0'),
      )
    }
    const report = await prober.stop()
    const { mixed, empty, mixedOld, emptyOld } = report
    note(
      'a plain group, released twice by release',
      report,
      mixed + empty + mixedOld + emptyOld === 0 ? 'clean' : 'MISSED',
    )
    assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
    assert.ok(report.samples > 500, `${report.samples} samples`)
  },
}

const ON_PREVIEWS: Readonly<Record<string, Play<void>>> = {
  'goes back once it is promoted, and forth again: no request meets two versions or an empty Service': async () => {
    const namespace = await freshNamespace(plane(), 'legacy')
    const all = (phase: string) => Promise.all(MEMBERS.map((name) => waitForPhase(plane(), namespace, name, phase)))
    await apply(plane(), namespace, await hastyExample(plane(), 'legacy/v1'))
    await all('Healthy')
    const prober = await startProber(plane(), { namespace, entryService: 'frontend-active' })
    await apply(plane(), namespace, await hastyExample(plane(), 'legacy/v2'))
    await all('Paused')
    for (const [words, live] of [
      [['promote-all'], '2.0'],
      [['undo-all'], '1.0-u1'],
      [['undo-all'], '1.0-u1'],
      [['undo-all', '--to=2.0'], '2.0-u1'],
    ] as const) {
      const run = await runPlugin(plane(), [...words, 'loan', '-n', namespace, '--yes'])
      assert.equal(run.code, 0, said(run))
      const { stdout } = await runPlugin(plane(), ['history', 'loan', '-n', namespace])
      assert.match(stdout, new RegExp(`^${live.replace('.', '\\.')} +✔ live`, 'm'))
    }
    const report = await prober.stop()
    const { mixed, empty, mixedOld, emptyOld } = report
    note('preview wiring, back and forth', report, mixed + empty + mixedOld + emptyOld === 0 ? 'clean' : 'MISSED')
    assert.deepEqual({ mixed, empty, mixedOld, emptyOld }, { mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 })
  },
}

describe('a group of the examples', function () {
  this.timeout('8m')
  const chapters = { 'that nobody has wired': UNWIRED, 'in the preview wiring': ON_PREVIEWS }
  playedInLanes(chapters, { width: 4, tries: 2 }, (play) => play())
})
