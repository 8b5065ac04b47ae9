import assert from 'node:assert/strict'
import { pastReleases } from '../../src/domain/group/past-releases.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { told } from '../support/typed.ts'
import { type MemberSpec, world, type WorldSpec } from '../support/objects.ts'

const labels = { 'rollouts-group/release': '2.0' }
const MADE = { name: 'api-2-0', selector: { app: 'api', ...labels } }

/** A consumer of a release, which calls its dependency by an address; and whose Services of releases are there. */
function pinned(
  url: string,
  { waits = false, there = [] as WorldSpec['services'], label = true, key = 'API_URL', more = {} } = {},
) {
  const of = (name: string, env: Record<string, string>): MemberSpec => {
    const released = { version: '2.0', env, ...(label && { labels }) }
    return {
      name,
      live: waits ? { version: '1.0' } : released,
      ...(waits && { next: released }),
      strategy: { previewService: undefined },
    }
  }
  return readGroup(world({ members: [of('web', { [key]: url, ...more }), of('api', {})], services: there! }), 'loan')
}

describe('a Service of a release that is not there', () => {
  it('is seen where live pods call it, with what makes it anew', () => {
    const group = pinned('http://api-2-0:8080')
    assert.deepEqual([...group.gone.keys()], ['api-2-0'])
    const { findings } = makePlan(group, 'promote-all', {})
    const found = findings.find((each) => each.code === 'already-dead')!
    assert.equal(found.severity, 'error')
    assert.equal(
      told(found.remedy),
      'Service api-2-0 of a release is gone; the files that it was made of make it anew: ' +
        'kubectl rollouts-group release -f FILE loan -n legacy',
    )
    const [live] = groupView(group, 0).traces
    assert.match(`${live!.verdict} ${live!.detail}`, /empty service .*api-2-0/)
  })

  it('is what a past release lacks whose pods called it', () => {
    const of = (name: string, env: Record<string, string>): MemberSpec => ({
      name,
      live: { version: '3.0', labels: { 'rollouts-group/release': '3.0' } },
      lingering: { version: '2.0', labels, env, desired: 0, available: 0 },
      strategy: { previewService: undefined },
    })
    const lacks = (there: WorldSpec['services']) =>
      pastReleases(
        readGroup(
          world({ members: [of('web', { API_URL: 'http://api-2-0:8080' }), of('api', {})], services: there! }),
          'loan',
        ),
      ).find(({ name }) => name === '2.0')!.lacks
    assert.deepEqual([lacks([]), lacks([MADE])], [['Service api-2-0 is gone'], []])
  })

  it('refuses the promotion of what would call it', () => {
    const { findings } = makePlan(pinned('http://api-2-0:8080', { waits: true }), 'promote-all', {})
    const found = findings.find((each) => each.code === 'dead-end')!
    assert.match(told(found.remedy), /^Service api-2-0 of a release is gone/)
    assert.deepEqual(
      makePlan(pinned('http://api-2-0:8080', { waits: true, there: [MADE] }), 'promote-all', {}).findings,
      [],
    )
  })

  it('is told whichever Service it was made of', () => {
    for (const base of ['api-2-0', 'api-active-2-0', 'api-plain-2-0', 'api-2-0.legacy.svc'])
      assert.equal(pinned(`http://${base}`).gone.size, 1, base)
  })

  const others: readonly [what: string, group: ReturnType<typeof pinned>][] = [
    ['where it is there', pinned('http://api-2-0:8080', { there: [MADE] })],
    ['of a release that nobody is on', pinned('http://api-3-0:8080')],
    ['where nobody calls it', pinned('http://api-active:8080')],
    ['where its name could be any', pinned('http://api-2-0:8080', { label: false })],
    ['where the value is none that anybody calls', pinned('api-2-0', { key: 'CACHE_PREFIX' })],
    [
      'where the caller has another address of it',
      pinned('http://api-active', { more: { DOCS_URL: 'https://api-2-0/docs' } }),
    ],
    ['of another namespace', pinned('http://api-2-0.other.svc:8080')],
  ]
  for (const [what, group] of others)
    it(`is none ${what}`, () => {
      assert.deepEqual([...group.gone.keys()], [])
      assert.equal(group.services.size, group.snapshot.services.length)
    })
})
