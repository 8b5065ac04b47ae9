import assert from 'node:assert/strict'
import { refused } from '../../src/domain/plan/plan.ts'
import { legacyPair, type WorldSpec } from '../support/objects.ts'
import { told } from '../support/typed.ts'
import { PAUSED, planOf, viewOf, WORLDS } from './worlds.ts'

describe('how a group stands', () => {
  it('is a phase where half of the release is deployed: no error, but nothing to promote yet, and what to deploy next', () => {
    const view = viewOf(WORLDS.halfDeployed)
    assert.equal(view.verdict.words, 'half deployed: my-backend 2.0 can be tried')
    const [finding, ...others] = view.findings
    assert.deepEqual([finding!.code, finding!.severity, others.length], ['left-behind', 'warning', 0])
    assert.match(told(finding!.remedy), /^deploy my-frontend 2\.0 too with BACKEND_HOST=backend-preview,/)
    assert.deepEqual([view.next, refused(view.plan)], [undefined, true])
  })

  it('is nothing to be red about after a good abort: users are where they were', () => {
    const view = viewOf(WORLDS.aborted)
    assert.equal(view.verdict.words, 'withdrawn: users are on 1.0')
    assert.deepEqual(
      view.findings.map((each) => [each.code, each.severity, each.members]),
      [['aborted', 'warning', ['my-backend', 'my-frontend']]],
    )
    assert.equal(refused(view.plan), true)
  })

  it('is a first deployment where no version was ever live: nobody has lost anything', () => {
    const revision = { 'rollout.argoproj.io/revision': '1' }
    const firstly = (available: number, env = {}) => ({
      live: undefined!,
      next: { version: '1.0', available, env, own: revision },
      annotations: revision,
    })
    const first = viewOf(legacyPair({ frontend: firstly(0, { BACKEND_HOST: 'backend-preview' }), backend: firstly(1) }))
    assert.deepEqual([first.verdict.sign, first.verdict.words], ['◌', 'first deployment'])
    assert.equal(
      first.findings.some((each) => each.code === 'already-dead'),
      false,
    )
    assert.deepEqual(first.next?.words, ['get-group', '-w'])
  })

  it('is an error where one member was aborted and another one waits for it', () =>
    assert.equal(viewOf(WORLDS.halfAborted).verdict.state, 'aborted'))

  it('is that it is paused by hand where nothing else waits, and what takes that back', () => {
    const view = viewOf(PAUSED)
    assert.deepEqual([view.verdict.words, view.next?.words], ['paused by hand', ['resume-all']])
    assert.deepEqual(
      view.findings.map((each) => [each.code, each.severity, each.members]),
      [['held-by-pause', 'warning', ['my-frontend']]],
    )
  })

  it('is ready while a consumer is settled: nobody was promoted in part, and what waits meets no pods that are leaving', () => {
    const settling = legacyPair({
      frontend: {
        live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } },
        next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } },
      },
      backend: { live: { version: '2.0' }, lingering: { version: '1.0' }, next: undefined! },
    })
    const { verdict, traces } = viewOf(settling)
    assert.equal(verdict.words, 'ready to promote')
    const waits = traces
      .filter(({ side }) => side === 'NEXT')
      .map(({ hops, verdict: met }) => [...hops, met].join(' > '))
    assert.deepEqual(waits, ['my-frontend 2.0·r3 > my-backend 2.0 > one version'])
  })

  const pinned = (image: string, version: string): WorldSpec => ({
    members: [
      {
        name: 'api',
        live: { version: '1.0', image: 'api:1.0', labels: { 'rollouts-group/release': '1.0' } },
        next: { version, image },
      },
    ],
  })

  it('is that nothing new waits where what users have was applied without the wiring of its release', () => {
    const { verdict, next, findings } = viewOf(pinned('api:1.0', '1.0'))
    assert.deepEqual([verdict.words, next], ['nothing new waits', undefined])
    assert.deepEqual(
      findings.map((each) => `${each.code} ${told(each.remedy)}`),
      [
        'unpinned unless that is meant (unpin), withdraw it, and give such files to release: kubectl rollouts-group abort-all loan -n legacy',
      ],
    )
    assert.match(findings[0]!.sentence, /\(api: label rollouts-group\/release 1\.0 → \(none\)\)$/)
    assert.equal(viewOf(pinned('api:2.0', '2.0')).verdict.words, 'ready to promote')
  })

  it('tells what changes where the version stays, as where another container gets another image', () => {
    const containers = (proxy: string) => ({
      template: { containers: [API, { name: 'proxy', image: proxy }] },
    })
    const API = { name: 'api', image: 'api:1.0' }
    const beside = { members: [{ name: 'api', live: containers('proxy:1'), next: containers('proxy:2') }] }
    assert.deepEqual(
      viewOf(beside).findings.map(({ code, sentence }) => `${code}: ${sentence}`),
      ['version-stays: the version stays, and this changes: ' + 'api: image of container proxy proxy:1 → proxy:2'],
    )
  })

  it('names what leads back where nothing leads on from what waits, unless a finding has named it', () => {
    for (const [name, spec] of Object.entries(WORLDS)) {
      const { next, back, findings } = viewOf(spec)
      const named = findings.some((each) => told(each.remedy).includes('abort-all'))
      const way = planOf(spec, 'abort-all')
      const isOpen = way.waves.length > 0 && !refused(way)
      assert.deepEqual(back?.words, next === undefined && isOpen && !named ? ['abort-all'] : undefined, name)
    }
    assert.deepEqual(viewOf(WORLDS.trouble).back?.words, ['abort-all'])
  })

  it('names withdrawing where a plain Service leads users to what waits', () => {
    const plain: WorldSpec = {
      members: ['web', 'api'].map((name) => ({
        name,
        live: { version: '1.0', ...(name === 'web' && { env: { API_URL: 'http://api:8080' } }) },
        next: { version: '2.0', ...(name === 'web' && { env: { API_URL: 'http://api:8080' } }) },
      })),
      services: [{ name: 'api', selector: { app: 'api' } }],
    }
    const { verdict, next } = viewOf(plain)
    assert.deepEqual([verdict.state, next?.words], ['mixed', ['abort-all']])
  })

  it('never leads to what says the same again', () => {
    for (const [name, spec] of Object.entries(WORLDS)) {
      const { next, verdict } = viewOf(spec)
      if (next?.words[0] === 'check') assert.match(verdict.words, /live-wired-to-next/, name)
    }
  })
})
