import assert from 'node:assert/strict'
import { EPHEMERAL_METADATA } from '../../src/domain/objects/labels.ts'
import { at, fields } from '../../src/domain/objects/fields.ts'
import { planDeploy } from '../../src/domain/deploy/plan-deploy.ts'
import { wanted } from '../../src/domain/deploy/desired.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { foreseen } from '../../src/domain/plan/foreseen.ts'
import { before, filesOf } from '../support/files.ts'
import { legacyPair, type MemberSpec, world, type WorldSpec } from '../support/objects.ts'
import { told } from '../support/typed.ts'

type Labels = Record<string, string>

/** The reference application, with more in the selectors of some of its backend's Services. */
function snapshotOf(spec: WorldSpec, selectors: Readonly<Record<string, Labels>>) {
  const seen = world(before(spec))
  return {
    ...seen,
    services: seen.services.map((each) => {
      const more = selectors[String(at(each, 'metadata', 'name'))]
      const selector = { ...fields(at(each, 'spec', 'selector')), ...more }
      return more === undefined ? each : { ...fields(each), spec: { ...fields(at(each, 'spec')), selector } }
    }),
  }
}

/** The reference application whose backend's pods come from `live` labels to `next` ones. */
const pairOf = (live: Labels, next: Labels, more: Partial<MemberSpec> = {}) =>
  legacyPair({ backend: { live: { version: '1.0', labels: live }, next: { version: '2.0', labels: next }, ...more } })

function refused(spec: WorldSpec, selectors: Readonly<Record<string, Labels>>, files = filesOf(spec)): string[] {
  return errorsOf(planDeploy(readGroup(snapshotOf(spec, selectors), 'loan'), files))
}

function errorsOf({ findings }: Plan): string[] {
  return findings
    .filter((each) => each.severity === 'error')
    .map((each) => `${each.code}: ${each.sentence}. ${told(each.remedy)}`)
}

const [V1, V2] = [{ version: 'v1' }, { version: 'v2' }]
const BOTH = { 'backend-active': V1, 'backend-preview': V1 }
/** Its backend stays, and its pods have a label by their role. */
const ROLE = legacyPair({
  backend: {
    live: { version: '1.0', labels: { role: 'live' }, own: { [EPHEMERAL_METADATA]: '{"labels":{"role":"live"}}' } },
    next: undefined!,
  },
})
const REFUSED = 'the controller refuses such a Rollout, and does nothing for it'

describe('a label by which a Service that a strategy names selects', () => {
  it('refuses a pod template that has another value, once, with what harms nobody', () =>
    assert.deepEqual(refused(pairOf(V1, V2), BOTH), [
      'invalid-spec: Services backend-active and backend-preview select version=v1, and the pod template of ' +
        `my-backend 2.0 has version=v2: ${REFUSED}. give the pod template version=v1, or take version out of the ` +
        'selectors of backend-active and backend-preview, where the pod template hash alone tells the pods apart; in the files, and here: ' +
        'kubectl patch service backend-active backend-preview --type merge -p ' +
        `'{"spec":{"selector":{"version":null}}}' -n legacy`,
    ]))

  const rows: readonly (readonly [what: string, errors: readonly string[], says: RegExp | undefined])[] = [
    [
      'refuses one that has lost it',
      refused(pairOf(V1, {}), { 'backend-preview': V1 }),
      /Service backend-preview selects version=v1, and the pod template of my-backend 2\.0 has no label version/,
    ],
    ['is nothing to tell where the template keeps it', refused(pairOf(V1, V1), BOTH), undefined],
    ['is nothing to tell where it is the pod template hash', refused(pairOf({}, {}), {}), undefined],
    [
      'refuses the Rollout of a canary',
      refused(pairOf(V1, V2, { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } }), { 'backend-stable': V1 }),
      /Service backend-stable selects version=v1/,
    ],
    [
      'refuses the template of a workload',
      refused(...ofWorkload(pairOf(V1, V2))),
      /Service backend-active selects version=v1, and the pod template of my-backend 2\.0 has version=v2/,
    ],
    [
      'is not one that the controller writes into the pods alone',
      errorsOf(makePlan(readGroup(snapshotOf(ROLE, { 'backend-active': { role: 'live' } }), 'loan'), 'promote-all')),
      /Service backend-active selects role=live, and the pod template of my-backend 1\.0 has no label role/,
    ],
  ]
  for (const [what, errors, says] of rows)
    it(what, () => {
      const found = errors.filter((each) => each.startsWith('invalid-spec'))
      assert.equal(found.length, says === undefined ? 0 : 1, found.join('\n'))
      if (says !== undefined) assert.match(found[0]!, says)
    })

  it('is told at rest where it is another with each version', () => {
    const spec = legacyPair({ backend: { live: { version: '1.0', labels: { version: '1.0' } } } })
    const group = readGroup(snapshotOf(spec, { 'backend-active': { version: '1.0' } }), 'loan')
    assert.deepEqual(
      foreseen(group)
        .filter((each) => each.code === 'invalid-spec')
        .map((each) => [each.severity, each.sentence]),
      [
        [
          'warning',
          'Service backend-active selects version=1.0, a label that is another with each version of my-backend: ' +
            REFUSED,
        ],
      ],
    )
  })
})

/** The backend's pod template stands in a Deployment. */
function ofWorkload(spec: WorldSpec): Parameters<typeof refused> {
  const files = filesOf(spec)
  const objects = files.objects.flatMap((each) => {
    if (each.name !== 'my-backend') return [each]
    const { template, ...rest } = fields(at(each.will, 'spec'))
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: each.name }, spec: { template } }
    const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: each.name }
    const will = { ...fields(each.will), spec: { ...rest, workloadRef } }
    return [
      wanted({ given: deployment, will: deployment, was: undefined, where: 'release.yaml' }),
      wanted({ given: will, will, was: each.was, where: 'release.yaml' }),
    ]
  })
  return [spec, { 'backend-active': V1 }, { ...files, objects }]
}
