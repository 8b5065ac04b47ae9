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

describe('what a release called that was removed since', () => {
  /** api 2.0 called so, 3.0 does not; db is no member any more. */
  function lacks(
    env: Record<string, string>,
    { services = [] as WorldSpec['services'], live = {}, raw = (services: unknown[]) => services } = {},
  ): readonly string[] {
    const of = (name: string, was: Record<string, string>, is: Record<string, string>): MemberSpec => ({
      name,
      live: { version: '3.0', env: is },
      lingering: { version: '2.0', env: was, desired: 0, available: 0 },
    })
    const spec = {
      members: [of('web', { API_URL: 'http://api-active' }, {}), of('api', env, live)],
      services: services!,
    }
    const snapshot = world(spec)
    const read = readGroup({ ...snapshot, services: raw([...snapshot.services]) }, 'loan')
    return pastReleases(read).find(({ name }) => name === '2.0')!.lacks
  }
  const url = (host: string) => ({ DB_URL: `http://${host}:8080` })
  const DB = [{ name: 'db', selector: { app: 'db' } }]
  const GONE = ['Service db is gone']
  const add = (spec: object) => (services: unknown[]) => [...services, { metadata: { name: 'db' }, spec }]

  const rows: readonly [what: string, found: readonly string[], expected: readonly string[]][] = [
    ['a Service that went with its member', lacks(url('db')), GONE],
    ['one of a release', lacks(url('db-2-0')), ['Service db-2-0 is gone']],
    ['one by its whole name', lacks({ DB: 'db.legacy.svc.cluster.local' }), GONE],
    ['one with a port, and no scheme', lacks({ DB_ADDR: 'db:8080' }), GONE],
    ['one behind who logs in', lacks({ DSN: 'postgres://me:word@db:5432/orders' }), GONE],
    [
      'a Service that has stayed, with nobody behind it',
      lacks(url('db'), { services: DB }),
      ['nobody is behind Service db'],
    ],
    ['one that is asked for by no port', lacks({ DB_HOST: 'db' }, { services: DB }), ['nobody is behind Service db']],
    ['nothing that users call today, too', lacks(url('db'), { live: url('db') }), []],
    ['no empty Service that users call today, too', lacks(url('db'), { services: DB, live: url('db') }), []],
    ['no Service whose pods may not be known', lacks(url('db'), { raw: add({ selector: { app: 'db' } }) }), []],
    ['no ExternalName', lacks(url('db'), { raw: add({ type: 'ExternalName', externalName: 'db.example.org' }) }), []],
    ['no Service that somebody points by hand', lacks(url('db'), { raw: add({}) }), []],
    ['no Service of a member', lacks(url('web-active')), []],
    ['no Service of another namespace', lacks(url('db.other')), []],
    ['no host of the outer world', lacks(url('db.example.org')), []],
    ['not its own pod', lacks(url('localhost')), []],
    ['not itself', lacks(url('api')), []],
    [
      'nothing where Services may not be read',
      lacks(url('db'), { raw: () => [] }).filter((each) => /db/.test(each)),
      [],
    ],
    ['no image', lacks({ DB_IMAGE: 'db:1500' }), []],
    ['no kind of a thing', lacks({ STORE_BACKEND: 'memory', CACHE: 'redis' }), []],
    ['no number of things', lacks({ LIMITS: 'orders:3000,mail:2000' }), []],
    ['no link of an app', lacks({ HOME_LINK: 'shopapp://orders', START: 'shopapp://orders' }), []],
    ['not who is compared with it', lacks({ ALLOWED_ORIGINS: 'http://db:8080' }), []],
  ]
  for (const [what, found, expected] of rows) it(`is ${what}`, () => assert.deepEqual(found, expected))
})
