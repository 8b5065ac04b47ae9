import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { at, text } from '../../src/domain/objects/fields.ts'
import { unpin } from '../../src/domain/rewire/unpin.ts'
import type { Manifest } from '../../src/domain/manifests/manifest.ts'
import { keptFor } from '../../src/domain/rewire/kept.ts'
import {
  around,
  clusterWith,
  configMap,
  containerOf,
  GROUP,
  manifestsOf,
  member,
  objectOf,
  refusals,
  rewired,
  service,
} from './files.ts'

const url = (to: string) => `env: [{name: ${to.toUpperCase()}_URL, value: "http://${to}-active"}]`
const tiers = (web: string, api: string, db: string) => [
  member('web', url('api'), web),
  member('api', url('db'), api),
  member('db', '', db),
]
const raw = (yaml: readonly string[]) => manifestsOf(...yaml).map((each) => each.object)
const valueIn = (result: Parameters<typeof containerOf>[0], name: string) =>
  (at(containerOf(result, name), 'env') as { value: string }[])[0]!.value
const labelOf = (result: Parameters<typeof containerOf>[0], name: string) =>
  at(objectOf(result, 'Rollout', name), 'spec', 'template', 'metadata', 'labels', 'rollouts-group/release')
const servicesOf = ({ added }: { readonly added: readonly unknown[] }) =>
  added.map((each) => text(at(each, 'metadata', 'name')))

describe('a release over what is live', () => {
  const first = rewired(tiers('1.0', '1.0', '1.0'))
  const live = clusterWith(first.objects)

  it('changes nothing where the manifests say what is live', () => {
    const result = rewired(tiers('1.0', '1.0', '1.0'), {}, live)
    assert.deepEqual([result.changing, result.release], [[], undefined])
    assert.deepEqual(labelOf(result, 'web'), '1.0')
    assert.equal(valueIn(result, 'web'), 'http://api-1-0')
  })

  it('changes nothing where the API server has written defaults', () => {
    const ports = (protocol: string) => [member('web', `ports: [{containerPort: 80${protocol}}], resources: {}`)]
    const stored = clusterWith(rewired(ports(', protocol: TCP'), {}).objects)
    assert.deepEqual(rewired(ports(''), {}, stored).changing, [])
    assert.deepEqual(rewired(ports(', protocol: UDP'), {}, stored).changing, ['web'])
  })

  it('changes everything above a leaf, and says that this is the price', () => {
    const result = rewired(tiers('1.0', '1.0', '2.0'), {}, live)
    assert.deepEqual(result.changing, ['api', 'db', 'web'])
    assert.deepEqual([valueIn(result, 'web'), valueIn(result, 'api')], ['http://api-2-0', 'http://db-2-0'])
    assert.match(
      result.findings.find((each) => each.code === 'pinned-upwards')!.sentence,
      /^api, web get a new revision only because db does/,
    )
  })

  it('leads to what does not change by the Service that its live revision is pinned to', () => {
    const result = rewired(tiers('1.0', '2.0', '1.0'), {}, live)
    assert.deepEqual(result.changing, ['api', 'web'])
    assert.deepEqual([valueIn(result, 'web'), valueIn(result, 'api')], ['http://api-2-0', 'http://db-1-0'])
    assert.deepEqual([labelOf(result, 'api'), labelOf(result, 'db')], ['2.0', '1.0'])
    assert.deepEqual(servicesOf(result).sort(), ['api-2-0', 'db-1-0'])
  })

  it('in the preview wiring changes direct consumers alone', () => {
    const plain = clusterWith(raw(tiers('1.0', '1.0', '1.0')))
    const result = rewired(tiers('1.0', '1.0', '2.0'), { wiring: 'preview' }, plain)
    assert.deepEqual(result.changing, ['api', 'db'])
    assert.deepEqual([valueIn(result, 'web'), valueIn(result, 'api')], ['http://api-active', 'http://db-preview'])
  })

  it('is refused where a consumer of what changes is not among the manifests', () =>
    assert.match(
      refusals(rewired(tiers('1.0', '1.0', '2.0').slice(1), {}, live)).join(),
      /^manifest-missing: web calls what changes/,
    ))

  it('leads to a member that only plain Services select by the hash of its live revision', () => {
    const plain = (api: string, web: string) => [
      member('web', 'env: [{name: API_URL, value: "http://api:80"}]', web),
      member('api', '', api).replace(/strategy: .*/, 'strategy: {canary: {steps: [{pause: {}}]}}'),
      service('api', 'api'),
    ]
    const cluster = clusterWith(raw(plain('1.0', '1.0')))
    const result = rewired(plain('1.0', '2.0'), {}, cluster)
    assert.equal(valueIn(result, 'web'), 'http://api-h1:80')
    assert.deepEqual(at(objectOf(result, 'Service', 'api-h1'), 'spec', 'selector'), {
      app: 'api',
      'rollouts-pod-template-hash': 'h1',
    })
    const next = rewired(plain('2.0', '2.0'), {}, cluster)
    assert.equal(valueIn(next, 'web'), 'http://api-2-0:80')
    assert.match(
      next.findings.find((each) => each.code === 'on-plain-service')!.sentence,
      /^users are led to api by Service api, which selects every revision/,
    )
    const settled = rewired(plain('2.0', '2.0'), {}, clusterWith(result.objects))
    assert.ok(settled.findings.every((each) => each.code !== 'on-plain-service'))
  })
})

describe('the name of a release', () => {
  const first = rewired(tiers('1.0', '1.0', '1.0'))
  const second = rewired(tiers('2.0', '2.0', '2.0'), {}, clusterWith(first.objects))

  it('is the version that all members have', () => assert.equal(second.release, '2.0'))

  it('is bare where only some write a v before it, and has it where all do', () => {
    assert.equal(rewired(tiers('v2.0', '2.0', '2.0')).release, '2.0')
    assert.equal(rewired(tiers('v2.0', 'v2.0', 'v2.0')).release, 'v2.0')
  })

  it('is another where another pod template carries it: it would lead users there before its gate', () => {
    const changed = tiers('2.0', '2.0', '2.0').map((each) => each.replace('{name: main,', '{name: main, tty: true,'))
    const result = rewired(changed, {}, clusterWith(first.objects, second.objects))
    assert.equal(result.release, '2.0-2')
    assert.equal(valueIn(result, 'web'), 'http://api-2-0-2')
  })

  it('is another for the way back to the manifests of before', () => {
    const back = rewired(tiers('1.0', '1.0', '1.0'), {}, clusterWith(first.objects, second.objects))
    assert.equal(back.release, '1.0-2')
  })

  it('is the one that waits already, where the same templates are given again', () => {
    const cluster = clusterWith(first.objects, second.objects)
    const again = rewired(tiers('2.0', '2.0', '2.0'), {}, waitingIn(cluster, ['web', 'api', 'db']))
    assert.equal(again.release, '2.0')
    assert.deepEqual(again.objects, second.objects)
  })

  it('stays that of what waits, where who changes for the sake of others waits, too', () => {
    const live = rewired(tiers('1.5', '1.0', '1.0'))
    const fresh = rewired(tiers('1.5', '2.0', '2.0'), {}, clusterWith(live.objects))
    assert.equal(fresh.release, '2.0')
    const waiting = waitingIn(clusterWith(live.objects, fresh.objects), ['web', 'api', 'db'])
    assert.deepEqual(rewired(tiers('1.5', '2.0', '2.0'), {}, waiting).objects, fresh.objects)
  })

  it('stays that of what waits, on preview Services, where a part of what is called was promoted', () => {
    const how = { wiring: 'preview' } as const
    const live = raw(tiers('1.0', '1.0', '1.0'))
    const fresh = rewired(tiers('2.0', '2.0', '2.0'), how, clusterWith(live))
    const half = waitingIn(clusterWith(live, fresh.objects), ['api'])
    assert.deepEqual(rewired(tiers('2.0', '2.0', '2.0'), how, half).objects, fresh.objects)
  })

  it('is another where what waits is not what these manifests say', () => {
    const waiting = waitingIn(clusterWith(first.objects, second.objects), ['web', 'api', 'db'])
    const changed = tiers('2.0', '2.0', '2.0').map((each) => each.replace('{name: main,', '{name: main, tty: true,'))
    assert.equal(rewired(changed, {}, waiting).release, '2.0-2')
  })

  it('is the one that is asked for, made a label value', () =>
    assert.equal(rewired(tiers('2.0', '2.0', '2.0'), { release: 'spring 26!' }).release, 'spring-26'))

  it('is made of what the members are where their versions differ', () =>
    assert.match(rewired(tiers('2.0', '3.0', '2.0')).release!, /^r-[a-z0-9]{5}$/))
})

describe('a ConfigMap that the manifests change in place', () => {
  const of = (level: string) => [member('web', 'envFrom: [{configMapRef: {name: settings}}]', '1.0'), settingsOf(level)]
  const settingsOf = (level: string) => configMap('settings', { LEVEL: level })
  const data = (result: Parameters<typeof containerOf>[0], name: string) =>
    at(objectOf(result, 'ConfigMap', name), 'data', 'LEVEL')
  const live = clusterWith(raw(of('info')))
  const result = rewired(of('debug'), {}, live)
  const [name] = servicesOf(result)

  it('stays as it is for the pods that read it, and is copied for those of the release', () => {
    assert.deepEqual(result.changing, ['web'])
    assert.deepEqual([data(result, 'settings'), data(result, name!)], ['info', 'debug'])
    assert.match(JSON.stringify(containerOf(result, 'web')), new RegExp(`"${name}"`))
    assert.match(
      result.findings.find((each) => each.code === 'config-copied')!.sentence,
      /and settings itself stays as it is in the cluster/,
    )
  })

  it('changes nothing once that is live', () => {
    const again = rewired(of('debug'), {}, clusterWith(result.objects))
    assert.deepEqual(again.changing, [])
    assert.deepEqual(again.objects, result.objects)
  })
})

describe('a consumer that was pointed back to a live Service', () => {
  const how = { wiring: 'preview' } as const

  it('stays there where its manifest names another Service of what it calls', () => {
    const files = (host: string) => [
      member('web', `env: [{name: API_URL, value: "http://${host}"}]`),
      member('api'),
      service('api-all', 'api'),
    ]
    const settled = clusterWith(raw(files('api-active')))
    assert.deepEqual(rewired(files('api-all'), how, settled).changing, [])
  })

  it('stays on the copy of a ConfigMap that says the same', () => {
    const settings = (host: string) => configMap('settings', { API_URL: `http://${host}` })
    const files = (host: string) => [
      member('web', 'envFrom: [{configMapRef: {name: settings}}]'),
      settings(host),
      member('api'),
    ]
    const settled = rewired(files('api-preview'), how, clusterWith(raw(files('api-preview'))))
    const others = settled.objects.filter((each) => at(each, 'metadata', 'name') !== 'settings')
    const there = clusterWith([...others, ...raw([settings('api-active')])])
    const again = rewired(files('api-active'), how, there)
    assert.deepEqual([again.changing, servicesOf(again)], [[], servicesOf(settled)])
  })
})

describe('a Service for each version that somebody wrote by hand', () => {
  const files = (version: string) => [
    member('web', `env: [{name: API_URL, value: "http://api-${version}"}]`, version),
    member('api', '', version).replace(
      'labels: {app: api}}\n    spec',
      `labels: {app: api, build: v${version}}}\n    spec`,
    ),
    service(`api-${version}`, 'api').replace('selector: {app: api}', `selector: {app: api, build: v${version}}`),
  ]

  it('stays the one that is called, before and after its version is what users have', () => {
    const cluster = clusterWith(raw(files('1')), rewired(files('2'), {}, clusterWith(raw(files('1')))).objects)
    const again = rewired(files('2'), {}, cluster)
    assert.deepEqual([again.changing, valueIn(again, 'web')], [[], 'http://api-2'])
  })
})

describe('services and copies that are kept', () => {
  it('are those of the last releases whose pods still run, as somebody wrote them', () => {
    const settings = configMap('settings', { DB_URL: 'http://db-active' })
    const of = (version: string) => [
      member('web', 'envFrom: [{configMapRef: {name: settings}}]', version),
      settings,
      member('db', '', version),
    ]
    const first = rewired(of('1.0'))
    const cluster = clusterWith(first.objects)
    const kept = keptFor(around(cluster), 1)
    assert.deepEqual(
      kept.map((each) => text(at(each, 'kind'))),
      ['Service', 'ConfigMap'],
    )
    assert.deepEqual(kept[0], { ...(first.added.find((each) => at(each, 'kind') === 'Service') as object) })
    assert.deepEqual(keptFor(around(cluster), 0), [])
  })
})

describe('unpin', () => {
  const settings = configMap('settings', { API_URL: 'http://api-active/x' })
  const given = [
    member('web', 'envFrom: [{configMapRef: {name: settings}}]'),
    settings,
    member('api', 'args: ["--db-url", "http://db:80"]'),
    member('db'),
    service('db', 'db'),
  ]
  const again = (objects: readonly unknown[]): Manifest[] =>
    manifestsOf(...objects.map((each) => `\n${JSON.stringify(each)}\n`))

  it('takes everything back that pin has made', () => {
    const pinned = rewired(given)
    assert.deepEqual(refusals(pinned), [])
    assert.equal(pinned.added.length, 3)
    const back = unpin(again(pinned.objects), around())
    assert.deepEqual(refusals(back), [])
    assert.deepEqual(back.objects, raw(given))
  })

  it('leads from preview Services to the active ones', () => {
    const back = unpin(again(rewired(given, { wiring: 'preview' }).objects), around())
    assert.ok(!JSON.stringify(back.objects).includes('http://api-preview'))
  })

  it('is refused where what a copy was made of is nowhere', () => {
    const pinned = rewired(given)
    const lost = pinned.objects.filter((each) => at(each, 'metadata', 'name') !== 'settings')
    assert.match(
      refusals(unpin(again(lost), around())).join(),
      /manifest-missing: ConfigMap settings, of which settings-/,
    )
  })
})

/** A cluster in which members stand at their gates, with what is newest of them. */
function waitingIn(cluster: ReturnType<typeof clusterWith>, names: readonly string[]) {
  const rollouts = cluster.snapshot.rollouts.map((each) => {
    const status = { ...(at(each, 'status') as object), stableRS: 'h1' }
    return names.includes(text(at(each, 'metadata', 'name'))!) ? { ...(each as object), status } : each
  })
  const snapshot = { ...cluster.snapshot, rollouts }
  return { ...cluster, snapshot, group: readGroup(snapshot, GROUP) }
}
