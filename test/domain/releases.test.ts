import assert from 'node:assert/strict'
import type { Member } from '../../src/domain/group/member.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { remedyText } from '../../src/domain/findings/remedy.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { refused } from '../../src/domain/plan/plan.ts'
import { nearnessOf } from '../../src/domain/run/wait-goals.ts'
import { releasesOf } from '../../src/domain/trace/releases.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { told } from '../support/typed.ts'
import { hashOf, legacyPair, type MemberSpec, type RevisionSpec, world, type WorldSpec } from '../support/objects.ts'

const groupOf = (spec: WorldSpec, more: object = {}) => readGroup({ ...world(spec), ...more }, 'loan')
const findings = (spec: WorldSpec, options: PlanOptions = {}, more: object = {}) =>
  makePlan(groupOf(spec, more), 'promote-all', options).findings
const said = (spec: WorldSpec, code: string, options: PlanOptions = {}) =>
  findings(spec, options).find((each) => each.code === code)
const errors = (spec: WorldSpec, options: PlanOptions = {}, more: object = {}) =>
  findings(spec, options, more)
    .filter((each) => each.severity === 'error')
    .map((each) => [each.code, ...each.members].join(' '))
const rows = (spec: WorldSpec) =>
  groupView(groupOf(spec), 0).traces.map((each) => `${each.verdict}${each.detail && `: ${each.detail}`}`)

/** A consumer and its dependency, of pinned images. */
const IMAGE = { web: 'web:2.0', api: 'api:2.0' }
function pair(web: Partial<RevisionSpec>, api: Partial<RevisionSpec>, live: Partial<RevisionSpec> = {}): WorldSpec {
  const call = (service: string) => ({ env: { API_URL: `http://${service}:8080/v1`, ...live.env } })
  return {
    members: [
      {
        name: 'web',
        live: { image: IMAGE.web, ...call('api-active') },
        next: { image: IMAGE.web, ...call('api-preview'), ...web },
      },
      { name: 'api', live: { image: IMAGE.api, ...live }, next: { image: IMAGE.api, ...live, ...api } },
    ],
  }
}
const eitherOf = (spec: WorldSpec, options: PlanOptions = {}) => [...releasesOf(groupOf(spec), options).either].sort()
const template = (container: object, spec: object = {}) => ({
  template: { containers: [{ name: 'main', image: IMAGE.api, ...container }], ...spec },
})

describe('a release works beside the old one', () => {
  const table: [what: string, api: Partial<RevisionSpec>, live: Partial<RevisionSpec>, either: string[]][] = [
    ['where nothing but the address of a member changes', {}, {}, ['api', 'web']],
    ['where labels and annotations change', { labels: { team: 'a' }, annotations: { note: 'b' } }, {}, ['api', 'web']],
    ['where resources change', template({ resources: { limits: { cpu: '1' } } }), {}, ['api', 'web']],
    ['where a probe changes', template({ readinessProbe: { periodSeconds: 3 } }), template({}), ['api', 'web']],
    ['where pods go elsewhere', template({}, { nodeSelector: { disk: 'ssd' } }), template({}), ['api', 'web']],
    ['where one member alone changes more', { env: { LOG_LEVEL: 'debug' } }, {}, ['api', 'web']],
    ['where one member alone gets other arguments', template({ args: ['--fast'] }), template({}), ['api', 'web']],
  ]
  for (const [what, api, live, either] of table) it(what, () => assert.deepEqual(eitherOf(pair({}, api, live)), either))

  const shown = (path: string) => ({
    containers: [
      { name: 'main', image: 'both:2.0', env: [{ name: 'P', valueFrom: { fieldRef: { fieldPath: path } } }] },
    ],
  })
  const inVolume = (fieldPath: string) => ({
    containers: [{ name: 'main', image: 'both:2.0' }],
    volumes: [{ name: 'info', downwardAPI: { items: [{ path: 'f', fieldRef: { fieldPath } }] } }],
  })
  const AGENT = 'vault.hashicorp.com/agent-inject'
  const METADATA: [kind: 'labels' | 'annotations', key: string, either: boolean, template?: Record<string, unknown>][] =
    [
      ['annotations', 'app/proto', true],
      ['annotations', 'app/proto', false, shown("metadata.annotations['app/proto']")],
      ['annotations', 'app/proto', true, shown("metadata.annotations['app/other']")],
      ['annotations', 'app/proto', true, shown("metadata.labels['app/proto']")],
      ['annotations', 'app/proto', false, inVolume("metadata.annotations['app/proto']")],
      ['annotations', 'app/proto', false, inVolume('metadata.annotations')],
      ['annotations', 'app/proto', true, inVolume('metadata.labels')],
      ['labels', 'proto', true],
      ['labels', 'proto', false, shown("metadata.labels['proto']")],
      ['labels', 'proto', false, inVolume('metadata.labels')],
      ['labels', 'rollouts-group/release', true, inVolume('metadata.labels')],
      ['annotations', `${AGENT}-template-app`, false],
      ['annotations', `${AGENT}-secret-app`, false],
      ['annotations', 'vault.hashicorp.com/role', false],
      ['annotations', 'vault.hashicorp.com/agent-limits-cpu', true],
      ['annotations', 'checksum/secret', false],
      ['annotations', 'example.com/config-hash', false],
      ['annotations', 'secret.sha256', false],
      ['annotations', 'rollme', true],
      ['annotations', 'kubectl.kubernetes.io/restartedAt', true],
      ['annotations', 'prometheus.io/port', true],
      ['labels', 'helm.sh/chart', true],
    ]
  for (const [kind, key, either, more] of METADATA) {
    const read = more === undefined ? '' : `, with ${JSON.stringify(more).match(/metadata[^"]*/)![0]} shown`
    it(`${either ? 'where' : 'not where'} both change ${kind.slice(0, -1)} ${key}${read}`, () => {
      const one = (value: string): RevisionSpec => ({
        image: 'both:2.0',
        [kind]: { [key]: value },
        ...(more !== undefined && { template: more }),
      })
      const spec: WorldSpec = {
        members: ['web', 'api'].map((name) => ({
          name,
          live: one('json'),
          next: one('msgpack'),
          annotations: { 'rollouts-group/depends-on': name === 'web' ? 'api' : '' },
        })),
      }
      assert.deepEqual(eitherOf(spec), either ? ['api', 'web'] : [])
    })
  }
  it('not where only the next revision reads the annotation that changes', () => {
    const web = { image: 'both:2.0', annotations: { proto: 'json' }, template: shown("metadata.labels['x']") }
    const next = { ...web, annotations: { proto: 'cbor' }, template: shown("metadata.annotations['proto']") }
    const [{ settings }] = groupOf({ members: [{ name: 'web', live: web, next }] }).members as [Member]
    assert.equal(settings!.find(({ what }) => what === 'annotation proto')!.own, false)
  })

  const protocol = pair(
    { env: { API_URL: 'http://api-preview:8080/v1', PROTOCOL: 'grpc' } },
    { env: { PROTOCOL: 'grpc' } },
    { env: { PROTOCOL: 'http' } },
  )
  it('not where two members change more: they may have to agree on it', () => assert.deepEqual(eitherOf(protocol), []))
  it('even then where the user vouches that only settings change', () =>
    assert.deepEqual(eitherOf(protocol, { settingsOnly: true }), ['api', 'web']))
  it('not where the address leads to another member', () => {
    const spec = pair({ env: { API_URL: 'http://store-active:8080/v1' } }, { env: { LOG_LEVEL: 'debug' } })
    spec.members.push({ name: 'store', live: { image: 'store:1' } })
    assert.deepEqual(eitherOf(spec), [])
  })
  it('not where more than the address in a URL changes', () =>
    assert.deepEqual(
      eitherOf(pair({ env: { API_URL: 'http://api-preview:8080/v2' } }, { env: { LOG_LEVEL: 'debug' } })),
      [],
    ))
  it('where keys stand in another order: that is no change', () => {
    const [probe, away] = [
      { path: '/', port: 80 },
      { key: 'a', operator: 'Exists' },
    ]
    const turned = (object: object) => Object.fromEntries(Object.entries(object).reverse())
    const one = (as: (object: object) => object, more: object = {}): Partial<RevisionSpec> =>
      template(
        {
          ports: [as({ name: 'http', containerPort: 8080 })],
          livenessProbe: as({ httpGet: as(probe), periodSeconds: 3 }),
          env: [{ name: 'NODE', valueFrom: { fieldRef: as({ apiVersion: 'v1', fieldPath: 'spec.nodeName' }) } }],
          ...more,
        },
        { tolerations: [as(away)], volumes: [{ name: 'data', emptyDir: as({ medium: '', sizeLimit: '1Gi' }) }] },
      )
    const settings = (api: Partial<RevisionSpec>) => {
      const read = groupOf(
        pair(
          {},
          api,
          one((each) => each),
        ),
      ).members.find(({ name }) => name === 'api')!
      return read.settings!.map(({ what }) => what)
    }
    assert.deepEqual(settings(one(turned)), [])
    assert.deepEqual(settings(one(turned, { resources: { limits: { cpu: '1' } } })), ['resources'])
  })
  it('not where the tag may be another image by now', () => {
    const moved = { image: 'api:main', version: '2.0' }
    const spec = pair({}, { ...moved, env: { LOG_LEVEL: 'debug' } }, moved)
    assert.deepEqual(eitherOf(spec), ['web'])
  })
  it('not where the version changes', () => {
    const spec = pair({ version: '3.0' }, { version: '3.0' }, {})
    assert.deepEqual(eitherOf(spec), [])
  })
  it('where a ConfigMap has another name, and holds the same', () => {
    const spec = pair({}, { fromConfig: { LEVEL: ['b', 'level'] } }, { fromConfig: { LEVEL: ['a', 'level'] } })
    const alike = { ...spec, configs: { a: { level: '1' }, b: { level: '1' } } }
    assert.deepEqual(groupOf(alike).members.find((each) => each.name === 'api')!.settings, [])
    const other = { ...spec, configs: { a: { level: '1' }, b: { level: '2' } } }
    assert.deepEqual(
      groupOf(other)
        .members.find((each) => each.name === 'api')!
        .settings!.map(({ what, from, to, own }) => [what, from, to, own]),
      [['LEVEL', '1', '2', false]],
    )
  })
})

describe('a release of settings', () => {
  it('is promoted in whatever order it is wired, and says which settings it changes', () => {
    const back = pair({ env: { API_URL: 'http://api-active:8080/v1' } }, { env: { LOG_LEVEL: 'debug' } })
    back.members[0]!.live.env = { API_URL: 'http://api-preview:8080/v1' }
    assert.deepEqual(errors(back), [])
    assert.equal(
      said(back, 'settings-change')?.sentence,
      'image and version stay, and only settings change: api: LOG_LEVEL (none) → debug; ' +
        'web: API_URL http://api-preview:8080/v1 → http://api-active:8080/v1',
    )
  })
  it('that points a consumer back is the way out of the preview Service that it stands on: promote it', () => {
    const back = pair({ env: { API_URL: 'http://api-active:8080/v1' } }, { env: { LOG_LEVEL: 'debug' } })
    back.members[0]!.live.env = { API_URL: 'http://api-preview:8080/v1' }
    assert.equal(
      told(said(back, 'live-wired-to-next')!.remedy),
      'promote web, which waits with API_URL=http://api-active:8080/v1',
    )
  })
  it('is refused where two members change what they may have to agree on, until it is vouched for', () => {
    const spec = pair(
      { env: { API_URL: 'http://api-active:8080/v1', PROTOCOL: 'grpc' } },
      { env: { PROTOCOL: 'grpc' } },
      { env: { PROTOCOL: 'http' } },
    )
    assert.deepEqual(errors(spec), ['next-wired-to-live web'])
    assert.match(told(said(spec, 'settings-change')!.remedy), /--settings-only/)
    assert.deepEqual(errors(spec, { settingsOnly: true }), [])
  })
  it('of a dependency leaves no doubt about a consumer that was left on its preview Service', () => {
    const spec = pair({}, { env: { LOG_LEVEL: 'debug' } })
    spec.members[0] = { ...spec.members[0]!, next: undefined! }
    spec.members[0].live.env = { API_URL: 'http://api-preview:8080/v1' }
    assert.deepEqual(
      errors(spec).filter((each) => each.startsWith('half')),
      [],
    )
  })
  it('is no version that is missing: who only follows an address needs none', () => {
    const spec = pair({}, { image: 'api:3.0' })
    spec.members.push({
      name: 'store',
      live: { image: 'store:2.0' },
      next: { image: 'store:3.0' },
      annotations: { 'rollouts-group/depends-on': '' },
    })
    assert.deepEqual(errors(spec), [])
  })
  it('between two members that change leads nobody to the old version', () => {
    const spec: WorldSpec = {
      members: [
        {
          name: 'web',
          live: { image: 'web:1', env: { MID: 'mid-active' } },
          next: { image: 'web:2', env: { MID: 'mid-preview' } },
        },
        {
          name: 'mid',
          live: { image: 'mid:1', env: { API: 'api-active' } },
          next: { image: 'mid:1', env: { API: 'api-active' }, labels: { team: 'a' } },
        },
        { name: 'api', live: { image: 'api:1' }, next: { image: 'api:2' } },
      ],
    }
    assert.deepEqual(errors(spec), ['next-wired-to-live mid'])
  })
})

describe("a chart's constant version", () => {
  const chart = (tag: string, env: Record<string, string> = {}): RevisionSpec => ({
    image: `app:${tag}`,
    labels: { 'app.kubernetes.io/version': '1.16.0' },
    env,
  })
  const helm = (stock: Partial<MemberSpec>): WorldSpec => ({
    members: [
      { name: 'web', live: chart('1.0', { SHOP: 'shop-active' }), next: chart('2.0', { SHOP: 'shop-preview' }) },
      { name: 'shop', live: chart('1.0', { STOCK: 'stock-active' }), next: chart('2.0', { STOCK: 'stock-active' }) },
      { name: 'stock', live: chart('1.0'), ...stock },
    ],
  })

  it('hides nobody who was forgotten', () => assert.deepEqual(errors(helm({})), ['left-behind stock']))
  it('hides no other version that waits', () => {
    const spec = helm({ next: chart('3.0') })
    spec.members[1]!.next = chart('2.0', { STOCK: 'stock-preview' })
    assert.deepEqual(errors(spec), ['version-mismatch'])
  })
  it('is said, as information', () => {
    const found = said(helm({}), 'version-source-constant')
    assert.deepEqual([found?.severity, found?.members], ['info', ['shop', 'web']])
    assert.match(
      found!.sentence,
      /^label app\.kubernetes\.io\/version of shop and web is 1\.16\.0 whichever image runs/,
    )
  })
})

describe('versions that differ while nothing waits', () => {
  const rest = (frontend: string, backend: string, more: Partial<MemberSpec> = {}): WorldSpec =>
    legacyPair({
      frontend: { live: { version: frontend, env: { BACKEND_HOST: 'backend-active' } }, next: undefined!, ...more },
      backend: { live: { version: backend }, next: undefined! },
    })
  const apart = { annotations: { 'rollouts-group/versions': 'independent' } }

  it('are not called one version', () => assert.deepEqual(rows(rest('2.0', '1.0')), ['versions differ: 2.0 with 1.0']))
  it('are a warning, with the command that ends it', () => {
    const found = said(rest('2.0', '1.0'), 'versions-differ')
    assert.equal(found?.severity, 'warning')
    assert.equal(
      found.sentence,
      'users meet versions that differ in one request: my-frontend 2.0 with my-backend 1.0 (variable APP_VERSION)',
    )
    assert.match(told(found.remedy), /annotate rollout my-frontend my-backend rollouts-group\/versions=independent/)
  })
  it('are ended by the release that waits, where it is one version: nothing is deployed over it', () => {
    const spec = legacyPair()
    spec.members[1]!.live.version = '0.9'
    const found = said(spec, 'versions-differ')
    assert.match(told(found!.remedy), /^promoting what waits ends it: kubectl rollouts-group promote-all loan/)
    spec.members[1]!.next!.version = '1.9'
    assert.match(told(said(spec, 'versions-differ')!.remedy), /^once what waits is promoted or withdrawn, deploy what/)
  })
  for (const [one, other, same] of [
    ['v2.0', '2.0', true],
    ['V2.0', 'v2.0', true],
    ['v2.0', '2.1', false],
    ['version-2', '2', false],
    ['v', '', false],
    ['dev2.0', 'de2.0', false],
    ['v2', 'vv2', false],
  ] as const)
    it(`are ${same ? 'none' : 'so'} where they are ${one} and ${other || 'none that is told'}`, () => {
      const next = (version: string) => ({ next: { version, env: { BACKEND_HOST: 'backend-preview' } } })
      assert.equal(said(rest(one, other || 'x'), 'versions-differ') === undefined, same)
      const waits = legacyPair({ frontend: next(one), backend: next(other || 'x') })
      assert.deepEqual(errors(waits), same ? [] : ['version-mismatch'])
    })
  it('are shown as they are written', () =>
    assert.deepEqual(
      groupOf(rest('v2.0', '2.0')).members.map(({ live }) => live!.version.text),
      ['2.0', 'v2.0'],
    ))
  it('are not matched', () => {
    assert.equal(nearnessOf(groupOf(rest('2.0', '1.0')), 'matched').state, 'not-yet')
    assert.equal(nearnessOf(groupOf(rest('2.0', '2.0')), 'matched').state, 'there')
  })
  it('are one release, and never one version, where members are numbered apart', () => {
    assert.deepEqual(rows(rest('2.0', '1.0', apart)), ['one release'])
    assert.equal(said(rest('2.0', '1.0', apart), 'versions-differ'), undefined)
    assert.equal(nearnessOf(groupOf(rest('2.0', '1.0', apart)), 'matched').state, 'there')
  })
  it('say nothing where they come from different sources', () => {
    const spec = rest('2.0', '1.0')
    spec.members[1]!.live = { image: 'backend:7' }
    assert.deepEqual(rows(spec), ['one version'])
  })
  it('say nothing of members that no request meets together', () => {
    const spec = rest('2.0', '2.0')
    spec.members.push({ name: 'cron', live: { version: '7' }, annotations: { 'rollouts-group/depends-on': '' } })
    assert.equal(said(spec, 'versions-differ'), undefined)
  })
  it('are told of a request once: where releases are known to meet, that is what is said', () => {
    const spec = legacyPair({
      frontend: { live: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } }, next: undefined! },
    })
    assert.deepEqual(
      findings(spec)
        .map((each) => each.code)
        .filter((each) => each === 'already-mixed' || each === 'versions-differ'),
      ['already-mixed'],
    )
  })
  it('let members numbered apart be released by what they are wired to', () => {
    const spec = legacyPair({ frontend: { ...legacyPair().members[0]!, ...apart }, backend: apart })
    spec.members[0]!.next!.version = '7.3'
    assert.deepEqual(errors(spec), [])
  })
})

describe('an earlier revision that is applied again', () => {
  const rest = (more: Partial<MemberSpec>) =>
    legacyPair({ frontend: { next: undefined!, ...more }, backend: { next: undefined! } })

  it('goes live without a gate where there is a rollbackWindow: said before anybody does it', () => {
    const found = said(rest({ spec: { rollbackWindow: { revisions: 3 } } }), 'goes-live-at-once')
    assert.deepEqual([found?.severity, found?.members], ['warning', ['my-frontend']])
    assert.equal(
      found?.sentence,
      'applied again as it was, an earlier version of my-frontend goes live without a gate (spec.rollbackWindow)',
    )
  })
  it('goes live without a gate while its pods still run', () =>
    assert.equal(
      said(rest({ lingering: { version: '0.9', deadline: 1 } }), 'goes-live-at-once')?.sentence,
      'applied again as it was, my-frontend 0.9 would go live without a gate until its old pods are gone',
    ))
  it('waits at its gate otherwise', () => assert.equal(said(rest({}), 'goes-live-at-once'), undefined))
})

describe('a ReplicaSet whose template was edited under its pods', () => {
  const podsOf = (member: string, env: Record<string, string>, ...images: string[]) =>
    images.map((image, index) => ({
      metadata: {
        name: `${member}-${index}`,
        labels: { injected: 'by admission' },
        ownerReferences: [{ name: `${member}-${hashOf(member, 'live')}` }],
        creationTimestamp: '2026-01-02T00:00:00Z',
      },
      spec: {
        containers: [
          { name: 'sidecar', image: 'envoy:1' },
          { name: 'main', image, env: Object.entries(env).map(([name, value]) => ({ name, value })) },
        ],
      },
      status: { phase: 'Running' },
    }))
  const IMAGE_OF_LEGACY = 'kostiscodefresh/loan:latest'
  /** bug-16: the backend says 2.0, its pods run 1.0. */
  const spec = legacyPair({ backend: { live: { version: '2.0' }, next: undefined! } })
  const pods = podsOf('my-backend', { APP_VERSION: '1.0' }, IMAGE_OF_LEGACY, IMAGE_OF_LEGACY)

  it('is called what its pods run', () => {
    const backend = groupOf(spec, { pods }).members.find((each) => each.name === 'my-backend')!
    assert.equal(backend.live!.version.text, '1.0')
  })
  it('forbids a promotion: its next pod would be another', () => {
    const found = findings(spec, {}, { pods }).find((each) => each.code === 'template-edited')
    assert.deepEqual([found?.severity, found?.members], ['error', ['my-backend']])
    assert.match(
      found!.sentence,
      /^the pod template of ReplicaSet my-backend-backendlive was edited .* APP_VERSION=1\.0/,
    )
  })
  it('does not forbid to go back', () =>
    assert.deepEqual(
      makePlan(groupOf(spec, { pods }), 'abort-all').findings.filter(
        (each) => each.code === 'template-edited' && each.severity === 'error',
      ),
      [],
    ))
  it('is called what it says where its pods do not agree, and is an error all the same', () => {
    const mixed = [...pods.slice(0, 1), ...podsOf('my-backend', { APP_VERSION: '2.0' }, IMAGE_OF_LEGACY)]
    const group = groupOf(spec, { pods: mixed })
    assert.equal(group.members.find((each) => each.name === 'my-backend')!.live!.version.text, '2.0')
    assert.ok(errors(spec, {}, { pods: mixed }).includes('template-edited my-backend'))
  })
  it('is none where admission has put something into the pods, or named the image otherwise', () => {
    const own = podsOf('my-backend', { APP_VERSION: '2.0', ADDED: 'x' }, `mirror.example/${IMAGE_OF_LEGACY}@sha256:0`)
    assert.ok(!errors(spec, {}, { pods: own }).includes('template-edited my-backend'))
  })
  it('is none where a variable is set twice: the last counts', () => {
    const template = {
      containers: [
        {
          name: 'main',
          image: IMAGE_OF_LEGACY,
          env: ['1.0', '2.0'].map((value) => ({ name: 'APP_VERSION', value })),
        },
      ],
    }
    const twice = legacyPair({ backend: { live: { template }, next: undefined! } })
    const own = podsOf('my-backend', {}, IMAGE_OF_LEGACY).map((pod) => ({ ...pod, spec: template }))
    assert.ok(!errors(twice, {}, { pods: own }).includes('template-edited my-backend'))
  })
  it('is not claimed where pods were not listed', () => assert.ok(!errors(spec).includes('template-edited my-backend')))
})

describe('a member that is newer than a release that comes back', () => {
  const at = (host: string): Record<string, string> => ({ NEXT_URL: `http://${host}:8080` })
  const back = { labels: { 'rollouts-group/release': '1.0-u1' } }
  const spec = ({ apiThen = {}, base = {} }: { apiThen?: Record<string, string>; base?: Record<string, string> }) => ({
    members: [
      {
        name: 'web',
        live: { version: '2.0', env: at('api-active') },
        next: { version: '1.0', ...back, env: at('api-preview') },
      },
      {
        name: 'api',
        live: { version: '2.0', env: at('base-active') },
        next: { version: '1.0', ...back, env: apiThen },
      },
      { name: 'base', live: { version: '2.0', env: base } },
    ],
  })
  const told = (of: WorldSpec) =>
    findings(of).flatMap(({ code, severity, members, remedy }) =>
      ['left-behind', 'version-mismatch'].includes(code)
        ? [`${severity} ${members.join()}: ${remedyText(remedy, ({ words }) => words.join(' '))}`]
        : [],
    )

  it('may stay where nobody of that release calls it: nobody comes to it once users are back', () => {
    assert.deepEqual(told(spec({})), [])
    assert.equal(refused(makePlan(groupOf(spec({})), 'promote-all')), false)
  })

  it('is needed where somebody of that release calls it', () =>
    assert.deepEqual(told(spec({ apiThen: at('base-active') })), [
      'error base: deploy base 1.0 too, so that it is part of this release',
    ]))

  it('has no place beside that release where it calls what comes back, and is not to be deployed as what never was', () => {
    assert.deepEqual(told(spec({ base: at('web-active') })), [
      'error base: first release api without calls to what came later than the release that comes back (base), ' +
        'then remove it: delete rollout base',
    ])
    const { members } = spec({ base: at('web-active') })
    const changing = members.map((each) =>
      each.name === 'base' ? { ...each, next: { version: '2.0', ...back, env: at('web-preview') } } : each,
    )
    assert.match(
      told({ members: changing }).join('\n'),
      /^error : first release api .* \(base\), then remove it: delete rollout base$/,
    )
  })

  it('is left by users first where nobody calls it', () => {
    const { members } = spec({ base: at('web-active') })
    const apart = members.map((each) => (each.name === 'api' ? { ...each, live: { version: '2.0' } } : each))
    assert.match(told({ members: apart }).join('\n'), /lead users elsewhere from .* \(base\), then remove it: /)
  })

  /** 3.0 is live; base waits, too, as this, and had this before. */
  const third = (base: string, had: string): WorldSpec => ({
    members: spec({ apiThen: at('base-active') }).members.map((each) =>
      each.name !== 'base'
        ? { ...each, live: { ...each.live, version: '3.0' } }
        : {
            ...each,
            live: { version: '3.0' },
            lingering: { version: had, desired: 0, available: 0 },
            next: { version: base, ...back },
          },
    ),
  })
  const mixed: readonly [what: string, spec: WorldSpec, told: RegExp][] = [
    ['is removed, too, where it has had several versions since', third('3.0', '2.0'), /then remove it: delete rollout/],
    [
      'needs the files of that where it had that once, and stays: no flag is named that undo-all lacks',
      third('3.0', '1.0'),
      /^error : give the files of the release that comes back to release: release -f FILE/,
    ],
    ['is as it was where it was of another version in that release', third('2.0', '2.0'), /^$/],
  ]
  for (const [what, of, expected] of mixed)
    it(what, () => {
      const found = told(of).join('\n')
      assert.match(found, expected)
      assert.doesNotMatch(found, /--allow/)
    })
})

describe('a member that is back where another still goes, while what they call waits', () => {
  const of = (version: string, id: string, calls?: string): RevisionSpec => ({
    version,
    labels: { 'rollouts-group/release': id },
    ...(calls !== undefined && { env: { NEXT_URL: `http://${calls}:8080` } }),
  })
  const pinnedTo = (app: string, id: string) => ({
    name: `${app}-${id.replace('.', '-')}`,
    selector: { app, 'rollouts-group/release': id },
  })
  const services = ['2.0', '2.0-u1', '3.0'].flatMap((id) => ['api', 'base'].map((app) => pinnedTo(app, id)))
  const base: MemberSpec = { name: 'base', live: of('2.0', '2.0'), next: of('3.0', '3.0') }
  const spec = (web: RevisionSpec): WorldSpec => ({
    members: [
      { name: 'web', live: web },
      { name: 'api', live: of('3.0', '3.0', 'base-3-0'), next: of('2.0', '2.0-u1', 'base-2-0') },
      base,
    ],
    services,
  })
  const back = spec(of('2.0', '2.0-u1', 'api-2-0-u1'))

  const isRefused = (only?: string[]) => refused(makePlan(groupOf(back), 'promote-all', only && { only }))

  it('was not left behind: the other goes back alone', () => {
    assert.equal(said(back, 'left-behind', { only: ['api'] }), undefined)
    assert.equal(isRefused(['api']), false)
  })

  it('has no users led to what waits, all the same', () => {
    for (const only of [undefined, ['base']]) assert.equal(isRefused(only), true)
  })

  it('was left behind where nothing brought it back, or where the other goes on', () => {
    assert.deepEqual(said(spec(of('2.0', '2.0', 'api-2-0')), 'left-behind')?.members, ['web'])
    const api = { name: 'api', live: of('2.0', '2.0-u1', 'base-2-0'), next: of('3.0', '3.0', 'base-3-0') }
    assert.deepEqual(said({ ...back, members: [back.members[0]!, api, base] }, 'left-behind')?.members, ['web'])
  })
})

describe('a member at rest that calls what waits', () => {
  const spec = (label: string | undefined, release = '2.0'): WorldSpec => ({
    members: [
      {
        name: 'web',
        live: {
          version: '1.0',
          env: { API_URL: 'http://api-active:8080' },
          ...(label !== undefined && { labels: { 'rollouts-group/release': label } }),
        },
      },
      {
        name: 'api',
        live: { version: '7.0' },
        next: { version: '7.1', labels: { 'rollouts-group/release': release } },
      },
    ],
  })
  const refusing = (of: WorldSpec) =>
    findings(of).flatMap(({ code, members }) => (code === 'left-behind' ? members : []))

  it('was not deployed yet where it lacks the label of its release: whoever calls what changes changes, too', () => {
    assert.deepEqual(refusing(spec(undefined)), ['web'])
    assert.deepEqual(refusing(spec('1.0')), ['web'])
    assert.equal(refused(makePlan(groupOf(spec('1.0')), 'promote-all')), true)
  })

  it('came to users in it where it has that label, and is no part of a settling', () => {
    assert.deepEqual(refusing(spec('2.0')), [])
    assert.deepEqual(refusing(spec('1.0', '2.0-s1')), [])
  })
})

describe('some of those that share a version, released without the others', () => {
  const spec = (annotations?: Record<string, string>): WorldSpec => {
    const env = (ads: string) => ({ CART: 'cart-active', ADS: ads })
    const members: MemberSpec[] = [
      {
        name: 'web',
        live: { version: '1.6', image: 'web:1.6', env: env('ads-active') },
        next: { version: '1.7', image: 'web:1.7', env: env('ads-preview') },
      },
      {
        name: 'ads',
        live: { version: '1.6', image: 'ads:1.6' },
        next: { version: '1.7', image: 'ads:1.7' },
      },
      { name: 'cart', live: { version: '1.6', image: 'cart:1.6' } },
    ]
    return { members: members.map((each) => ({ ...each, ...(annotations && { annotations }) })) }
  }

  it('look like a release of which one was forgotten', () => assert.deepEqual(errors(spec()), ['left-behind cart']))
  it('are one where every member says that its versions are its own (docs/faq.md)', () =>
    assert.deepEqual(errors(spec({ 'rollouts-group/versions': 'independent' })), []))
})

describe('a member that the others go on without', () => {
  const api = (calls: boolean): RevisionSpec =>
    calls ? { version: '2.0', env: { DB: 'db-preview' } } : { version: '2.0' }
  const spec = (stillCalled: boolean, db: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [
      {
        name: 'web',
        live: { version: '1.0', env: { API: 'api-active' } },
        next: { version: '2.0', env: { API: 'api-preview' } },
      },
      { name: 'api', live: { version: '1.0', env: { DB: 'db-active' } }, next: api(stillCalled) },
      { name: 'db', live: { version: '1.0' }, ...db },
    ],
  })

  const behind = (of: WorldSpec) =>
    findings(of).flatMap(({ code, severity, members }) => (code === 'left-behind' ? [severity, ...members] : []))
  it('is dropped where nobody of them calls it any more', () => {
    assert.deepEqual([errors(spec(false)), behind(spec(false))], [[], []])
  })
  it('is forgotten where one of them does', () => assert.deepEqual(errors(spec(true)), ['left-behind db']))
  it('comes after them where it calls one of them', () => {
    const calling = spec(false, { live: { version: '1.0', env: { API: 'api-active' } } })
    assert.deepEqual(behind(calling), ['warning', 'db'])
  })
})
