import assert from 'node:assert/strict'
import { fit, type InFile } from '../../src/domain/deploy/fit.ts'

const LABELS = { 'app.kubernetes.io/part-of': 'loan' }
const AIM = {
  group: 'loan',
  namespace: 'legacy',
  labels: new Map(Object.entries(LABELS)),
  there: new Set<string>(),
  mode: 'legacy',
  include: [],
} as const
const object = (kind: string, name: string, metadata: object = {}): InFile => ({
  object: { apiVersion: 'v1', kind, metadata: { name, ...metadata } },
  where: `${name}.yaml:1`,
})
const rollout = (name: string, metadata: object = { labels: LABELS }) => object('Rollout', name, metadata)

describe('the files of a deploy', () => {
  const rows: [name: string, files: readonly InFile[], sentence: string][] = [
    [
      'without a Rollout',
      [object('Service', 'web')],
      'the files hold no Rollout, so there is nothing of the group to deploy',
    ],
    [
      'of another group',
      [rollout('web', { labels: { 'app.kubernetes.io/part-of': 'shop' } })],
      'Rollout web (web.yaml:1) is no member of group loan: it has the label app.kubernetes.io/part-of=shop',
    ],
    [
      'with a Rollout without the label',
      [rollout('web', {})],
      'Rollout web (web.yaml:1) is no member of group loan: it has no label app.kubernetes.io/part-of=loan',
    ],
    [
      'of another namespace',
      [rollout('web'), object('Service', 'pay', { namespace: 'other' })],
      'Service pay (pay.yaml:1) is in namespace other, and group loan in legacy',
    ],
    [
      'with a member twice',
      [rollout('web'), { ...rollout('web'), where: 'more.yaml:7' }],
      'Rollout web is in the files 2 times: web.yaml:1, more.yaml:7',
    ],
    [
      'with a name that is made anew each time',
      [rollout('web'), object('ConfigMap', '', { name: undefined, generateName: 'settings-' })],
      'ConfigMap of .yaml:1 has no name of its own (metadata.generateName), so it would be made again each time',
    ],
    [
      'with Jobs and hooks, which are left out',
      [
        rollout('web'),
        object('Job', 'migrate'),
        object('Pod', 'seed', { annotations: { 'helm.sh/hook': 'pre-upgrade' } }),
      ],
      'Jobs and hooks are not applied: Job migrate, Pod seed',
    ],
  ]
  for (const [name, files, sentence] of rows)
    it(`${name} are told`, () =>
      assert.deepEqual(
        fit(files, AIM).findings.map((each) => each.sentence),
        [sentence],
      ))

  it('of two groups can be taken as one where these call each other', () => {
    const files = [rollout('web'), rollout('auth', { labels: { 'app.kubernetes.io/part-of': 'shop' } })]
    assert.equal(
      fit(files, AIM).findings[0]!.remedy,
      "where one of them calls another, take them as one group: -l 'app.kubernetes.io/part-of in (loan,shop)' " +
        'in place of its name; else deploy the groups one after the other',
    )
  })

  it('must hold what is to be included', () =>
    assert.deepEqual(
      fit([rollout('web')], { ...AIM, include: ['migrate'] }).findings.map((each) => each.sentence),
      ['the files hold nothing of the name migrate (--include)'],
    ))

  it('may lack the label of members that are there: it is said once, with what to do about it', () => {
    const files = [rollout('web', {}), rollout('api', { labels: { app: 'api' } }), rollout('new')]
    assert.deepEqual(
      fit(files, { ...AIM, there: new Set(['web', 'api']) }).findings.map((each) => [each.code, each.sentence]),
      [
        [
          'labelled-there',
          'the files do not say app.kubernetes.io/part-of=loan of web and api, and the cluster does: that counts, and stays',
        ],
      ],
    )
  })
  it('are refused with the label of another group, whoever is there', () =>
    assert.match(
      fit([rollout('web', { labels: { 'app.kubernetes.io/part-of': 'shop' } })], { ...AIM, there: new Set(['web']) })
        .findings[0]!.sentence,
      /^Rollout web \(web\.yaml:1\) is no member of group loan: it has the label app\.kubernetes\.io\/part-of=shop$/,
    ))

  it('get the namespace of the group where they say none', () =>
    assert.deepEqual(fit([rollout('web')], AIM), {
      objects: [
        {
          where: 'web.yaml:1',
          object: {
            apiVersion: 'v1',
            kind: 'Rollout',
            metadata: { name: 'web', namespace: 'legacy', labels: LABELS },
          },
        },
      ],
      findings: [],
    }))
  it('hold Jobs that are to be applied where somebody says so', () =>
    assert.equal(fit([rollout('web'), object('Job', 'migrate')], { ...AIM, include: ['migrate'] }).objects.length, 2))
})
