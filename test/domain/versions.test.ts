import assert from 'node:assert/strict'
import type { Member } from '../../src/domain/group/member.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { differences } from '../../src/domain/group/settings-change.ts'
import { commonVersion, saidBy, type Version } from '../../src/domain/group/version.ts'
import { parseImage } from '../../src/domain/objects/image.ts'
import { parsePodTemplate } from '../../src/domain/objects/pod-template.ts'
import { configOf, hashOf, type MemberSpec, type RevisionSpec, world, type WorldSpec } from '../support/objects.ts'

const groupOf = (spec: WorldSpec, more: object = {}) => readGroup({ ...world(spec), ...more }, 'loan')
/** The versions of each member as they are shown: `1.0 → 2.0`. */
const shown = (group: ReturnType<typeof groupOf>) =>
  Object.fromEntries(
    group.members.map(({ name, live, next }) => [
      name,
      [live, next].flatMap((each) => each?.version.text ?? []).join(' → '),
    ]),
  )
const CHART = { 'app.kubernetes.io/version': '1.16.0' }
const chart = (tag: string, more: Partial<RevisionSpec> = {}, name = 'app'): RevisionSpec => ({
  image: `registry.example/${name}:${tag}`,
  labels: CHART,
  ...more,
})

describe('what says a version', () => {
  const configs = new Map([['settings', configOf({ APP_VERSION: '5' })]])
  const template = (more: object, container: object = {}) =>
    parsePodTemplate({
      metadata: { labels: {}, ...more },
      spec: { containers: [{ name: 'main', image: 'loan:latest', ...container }] },
    })
  const table: [string, ReturnType<typeof template>, string | undefined, string][] = [
    [
      'is our annotation first',
      template({ annotations: { 'rollouts-group/version': '9' }, labels: { 'app.kubernetes.io/version': '8' } }),
      'annotation',
      '9',
    ],
    [
      'then the recommended label',
      template({ labels: { 'app.kubernetes.io/version': '8' } }, { env: [{ name: 'APP_VERSION', value: '7' }] }),
      'label',
      '8',
    ],
    [
      'then APP_VERSION',
      template(
        {},
        {
          env: [
            { name: 'VERSION', value: '6' },
            { name: 'APP_VERSION', value: '7' },
          ],
        },
      ),
      'APP_VERSION',
      '7',
    ],
    [
      'in a ConfigMap, too',
      template(
        {},
        { env: [{ name: 'APP_VERSION', valueFrom: { configMapKeyRef: { name: 'settings', key: 'APP_VERSION' } } }] },
      ),
      'APP_VERSION',
      '5',
    ],
    [
      'or in a whole ConfigMap',
      template({}, { envFrom: [{ configMapRef: { name: 'settings' } }] }),
      'APP_VERSION',
      '5',
    ],
    [
      'or in a label of its own that it shows',
      template(
        { labels: { version: '5.1' } },
        { env: [{ name: 'APP_VERSION', valueFrom: { fieldRef: { fieldPath: "metadata.labels['version']" } } }] },
      ),
      'APP_VERSION',
      '5.1',
    ],
    ...['rollouts-pod-template-hash', 'rollouts-group/release'].map(
      (key): [string, ReturnType<typeof template>, undefined, ''] => [
        `but not in the label ${key}`,
        template(
          { labels: { [key]: '7f9c' } },
          { env: [{ name: 'APP_VERSION', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${key}']` } } }] },
        ),
        undefined,
        '',
      ],
    ),
    ['then VERSION', template({}, { env: [{ name: 'VERSION', value: '6' }] }), 'VERSION', '6'],
    ['then the image tag', template({}, { image: 'registry:5000/loan:4.1@sha256:0123456789' }), 'tag', '4.1'],
    ['then the digest', template({}, { image: 'registry:5000/loan@sha256:0123456789' }), 'digest', '0123456'],
    ['a tag without the name of its service', template({}, { image: 'mono:main-2.3.0' }), 'tag', '2.3.0'],
    ['before or after it', template({}, { image: 'mono:2.3.0-loan' }), 'tag', '2.3.0'],
    ['or of its image', template({}, { image: 'mono:mono-2.3.0' }), 'tag', '2.3.0'],
    ['never a tag that is moved from image to image', template({}, { image: 'loan:main-dev' }), undefined, ''],
    ...['latest', 'main', 'master', 'dev', 'stable'].map(
      (tag): [string, ReturnType<typeof template>, undefined, ''] => [
        `such as ${tag}`,
        template({}, { image: `registry:5000/loan:${tag}` }),
        undefined,
        '',
      ],
    ),
    ['and no tag at all says nothing', template({}, { image: 'registry:5000/loan' }), undefined, ''],
  ]
  for (const [name, given, source, text] of table)
    it(name, () => {
      const [first] = saidBy(given, 'loan', configs)
      assert.deepEqual(first, source === undefined ? undefined : [source, text])
    })

  it('compares only within one source, and never by revision number', () => {
    const version = (value: string, source: Version['source']): Version => ({ text: value, value, source })
    assert.equal(commonVersion([version('1', 'tag'), version('1', 'label')]), undefined)
    assert.equal(commonVersion([version('rev 1', 'revision'), version('rev 1', 'revision')]), undefined)
    assert.equal(commonVersion([version('1', 'tag'), version('1', 'tag')])?.value, '1')
  })

  it('is not told by the registry an image comes from', () => {
    assert.deepEqual(parseImage('localhost:5000/a/loan:2.0'), parseImage('ghcr.io/b/loan:2.0'))
  })
})

describe('a source that is the same for each release', () => {
  const helm = (stock: Partial<MemberSpec>): WorldSpec => ({
    members: [
      { name: 'web', live: chart('1.0'), next: chart('2.0') },
      { name: 'shop', live: chart('1.0'), next: chart('2.0') },
      { name: 'stock', live: chart('1.0'), ...stock },
    ],
  })

  it("the chart's own version in the label does not hide what changes", () => {
    assert.deepEqual(shown(groupOf(helm({ next: chart('3.0') }))), {
      web: '1.0 → 2.0',
      shop: '1.0 → 2.0',
      stock: '1.0 → 3.0',
    })
  })
  it('is given up for who was forgotten, too: it must still compare with the others', () => {
    assert.deepEqual(shown(groupOf(helm({}))), { web: '1.0 → 2.0', shop: '1.0 → 2.0', stock: '1.0' })
  })
  it('is named, with who has it and what is read in its place', () => {
    assert.deepEqual(groupOf(helm({})).constant, [
      { source: 'label', value: '1.16.0', instead: 'tag', members: ['shop', 'web'] },
    ])
  })
  it('gives way to the first source that all members have', () => {
    const spec = helm({ live: chart('1.0', { labels: {} }) })
    spec.members[0]!.live = chart('build-7', { version: '1.0' })
    spec.members[0]!.next = chart('build-8', { version: '2.0' })
    assert.deepEqual(shown(groupOf(spec)).web, 'build-7 → build-8')
  })
  it('gives way to the first that all have that had it, where one member has no source but its own', () => {
    const spec = helm({})
    spec.members.push({ name: 'queue', live: { image: 'queue@sha256:0123456789' } })
    assert.deepEqual(shown(groupOf(spec)), {
      web: '1.0 → 2.0',
      shop: '1.0 → 2.0',
      stock: '1.0',
      queue: '0123456',
    })
  })
  it('gives way to one that the live revision has, too: what only the next one has compares with nothing', () => {
    const spec = {
      members: helm({ next: chart('3.0') }).members.map((each) => ({ ...each, live: chart('1.0', { labels: {} }) })),
    }
    assert.deepEqual(shown(groupOf(spec)), { web: '1.0 → 2.0', shop: '1.0 → 2.0', stock: '1.0 → 3.0' })
  })
  it('does not take the others from what says their versions, where it would not be the first', () => {
    const spec = {
      members: [
        {
          name: 'web',
          live: chart('1.0', { version: 'a', labels: {} }),
          next: chart('1.0', { version: 'b', labels: {} }, 'renamed'),
        },
        {
          name: 'shop',
          live: chart('7', { version: 'a', labels: {} }),
          next: chart('8', { version: 'b', labels: {} }),
        },
      ],
    }
    assert.deepEqual(shown(groupOf(spec)), { web: 'a → b', shop: 'a → b' })
  })
  it('is believed where the image stays: then it is the same version', () => {
    const spec = { members: [{ name: 'web', live: chart('1.0'), next: chart('1.0', { env: { LOG: 'debug' } }) }] }
    assert.deepEqual(shown(groupOf(spec)), { web: '1.16.0 → 1.16.0 (settings)' })
  })
  it('is not one where only the registry changes', () => {
    const moved = { ...chart('1.0'), image: 'mirror.example/x/app:1.0' }
    assert.deepEqual(groupOf({ members: [{ name: 'web', live: chart('1.0'), next: moved }] }).constant, [])
  })
  it('is still none once nothing waits, by the revision before', () => {
    const spec = helm({})
    const rest = spec.members.map(({ next, live, ...each }) => ({ ...each, lingering: live, live: next ?? live }))
    assert.deepEqual(shown(groupOf({ members: rest })), { web: '2.0', shop: '2.0', stock: '1.0' })
  })
  it('says nothing of a sidecar that changes', () => {
    const sidecar = (tag: string) =>
      chart('1.0', {
        template: {
          containers: [
            { name: 'web', image: 'app:1.0' },
            { name: 'proxy', image: `envoy:${tag}` },
          ],
        },
      })
    assert.deepEqual(groupOf({ members: [{ name: 'web', live: sidecar('1'), next: sidecar('2') }] }).constant, [])
  })
})

describe('revisions that are called the same', () => {
  const pair = (live: RevisionSpec, next: RevisionSpec) => ({ members: [{ name: 'web', live, next }] })

  it('are told apart where they may be two versions', () => {
    assert.deepEqual(shown(groupOf(pair({ version: '2.0' }, { version: '2.0', env: { LOG: 'debug' } }))), {
      web: '2.0 → 2.0·r3',
    })
  })
  it('change only settings where the image is pinned', () => {
    const image = 'app:2.0'
    assert.deepEqual(shown(groupOf(pair({ image }, { image, env: { LOG: 'debug' } }))), { web: '2.0 → 2.0 (settings)' })
  })
  it('change only settings where all pods run one image, whatever the tag is called', () => {
    const spec = pair({ version: '2.0' }, { version: '2.0', env: { LOG: 'debug' } })
    const pods = (...ids: string[]) =>
      (['live', 'next'] as const).map((role, index) => ({
        metadata: { name: `${role}-1`, ownerReferences: [{ name: `web-${hashOf('web', role)}` }] },
        spec: {},
        status: { phase: 'Running', containerStatuses: [{ name: 'main', imageID: ids[index] }] },
      }))
    assert.deepEqual(shown(groupOf(spec, { pods: pods('sha256:a', 'sha256:a') })), { web: '2.0 → 2.0 (settings)' })
    assert.deepEqual(shown(groupOf(spec, { pods: pods('sha256:a', 'sha256:b') })), { web: '2.0 → 2.0·r3' })
  })
  const ran = (live: readonly (string | undefined)[], next: readonly (string | undefined)[]) =>
    (['live', 'next'] as const).flatMap((role, index) =>
      [live, next][index]!.map((imageID, nth) => ({
        metadata: { name: `${role}-${nth}`, ownerReferences: [{ name: `web-${hashOf('web', role)}` }] },
        spec: {},
        status: { phase: 'Running', containerStatuses: [{ name: 'main', imageID }] },
      })),
    )
  const [A, B] = [`reg/app@sha256:${'a'.repeat(64)}`, `reg/app@sha256:${'b'.repeat(64)}`]
  const SAME = '2.0 → 2.0 (settings)'
  const ANOTHER = '2.0 → 2.0·r3'
  const always = (image: string): RevisionSpec => ({
    version: '2.0',
    template: {
      containers: [{ name: 'main', image, imagePullPolicy: 'Always', env: [{ name: 'VERSION', value: '2.0' }] }],
    },
  })
  const table: [string, RevisionSpec, unknown[] | undefined, string][] = [
    ['one tag that stays is one image', { image: 'app:2.0' }, undefined, SAME],
    ['what pods run is told above a tag: another', { image: 'app:2.0' }, ran([A], [B]), ANOTHER],
    ['the same', { image: 'app:2.0' }, ran([A], [A]), SAME],
    ['from another registry, too', { image: 'app:2.0' }, ran([A], [A.replace('reg/', 'mirror/')]), SAME],
    ['a tag that moved under running pods', { image: 'app:2.0' }, ran([A, B], [B]), ANOTHER],
    ['one of which nothing is told yet leaves it to the tag', { image: 'app:2.0' }, ran([A], [undefined]), SAME],
    ['or, where that may move, to nobody', { version: '2.0' }, ran([A], [A, undefined]), ANOTHER],
    ['a digest stays, whatever the kubelet calls it', { image: `app:2.0@sha256:c` }, ran([A], [B]), SAME],
    ['a tag that each pod asks for again may move', always('app:2.0'), undefined, ANOTHER],
    ['unless all run the same', always('app:2.0'), ran([A, A], [A]), SAME],
    ['a digest is not asked for', always('app:2.0@sha256:c'), undefined, SAME],
  ]
  for (const [name, is, pods, expected] of table)
    it(`by what they run: ${name}`, () => {
      const spec = pair(is, { ...is, annotations: { touched: 'yes' } })
      assert.deepEqual(shown(groupOf(spec, pods === undefined ? {} : { pods })), { web: expected })
    })
  it('are told with the images that pods ran under one tag', () => {
    const spec = pair({ image: 'app:2.0' }, { image: 'app:2.0' })
    const [{ live, next }] = groupOf(spec, { pods: ran([A], [B]) }).members as [Member]
    assert.deepEqual(differences(live!, next!, new Map()), [
      { what: 'image', from: 'app:2.0 (aaaaaaa)', to: 'app:2.0 (bbbbbbb)' },
    ])
  })
  it('keep what is compared', () => {
    const [web] = groupOf(pair({ version: '2.0' }, { version: '2.0', env: { LOG: 'debug' } })).members
    assert.equal(web!.next!.version.value, '2.0')
  })
})
