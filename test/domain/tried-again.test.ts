import assert from 'node:assert/strict'
import type { Verb } from '../../src/domain/intent.ts'
import { judge } from '../../src/domain/plan/judge.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { refusing } from '../../src/domain/plan/plan.ts'
import { legacyPair, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const ABORTED = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }
const withdrawn = (more: Partial<MemberSpec> = {}): Partial<MemberSpec> => ({
  next: { version: '2.0', desired: 0, available: 0 },
  status: ABORTED,
  ...more,
})
const MODERN = { annotations: { 'rollouts-group/mode': 'modern' } }
const PAUSED = { spec: { paused: true } }

const GATELESS = 'goes-live-at-once'
const DEADLINE = { deadline: Date.parse('2026-01-09T00:00:00Z') }
/** Of before what is live, as one that was deployed by its files as they were. */
const older = (more: NonNullable<MemberSpec['next']>): Partial<MemberSpec> =>
  withdrawn({ next: { version: '2.0', created: '2025-12-31T00:00:00Z', desired: 0, available: 0, ...more } })

/** The plan in a line, or what refuses it. */
function line(spec: WorldSpec, verb: Verb): string {
  const plan = makePlan(groupOf(spec), verb)
  return refusing(plan)[0]?.code ?? planLine(plan)
}

describe('what was aborted', () => {
  const rows: readonly [what: string, spec: WorldSpec, line: string][] = [
    ['waits for no consumer', legacyPair({ backend: withdrawn() }), '1 retry my-backend 2.0'],
    [
      'is tried again with what it calls first',
      legacyPair({ backend: withdrawn(), frontend: { status: ABORTED } }),
      '1 retry my-backend 2.0; 2 retry my-frontend 2.0',
    ],
    [
      'would skip its gate where its promote had begun',
      legacyPair({
        backend: withdrawn({
          status: { ...ABORTED, blueGreen: { activeSelector: 'backendlive', scaleUpPreviewCheckPoint: true } },
        }),
      }),
      'goes-live-at-once',
    ],
    [
      'would skip its gate where users are on it',
      legacyPair({ backend: withdrawn({ next: { version: '2.0' }, active: 'next' }) }),
      'goes-live-at-once',
    ],
    [
      'would skip its gate as an older revision whose pods have not gone',
      legacyPair({ backend: older(DEADLINE) }),
      GATELESS,
    ],
    [
      'stops at its gate as an older one whose pods are gone',
      legacyPair({ backend: older({}) }),
      '1 retry my-backend 2.0',
    ],
    [
      'stops at its gate as a newer one whose pods have not gone',
      legacyPair({ backend: withdrawn({ next: { version: '2.0', ...DEADLINE } }) }),
      '1 retry my-backend 2.0',
    ],
    [
      'would skip its gate as an older revision within a rollbackWindow',
      legacyPair({ backend: { ...older({}), spec: { rollbackWindow: { revisions: 3 } } } }),
      GATELESS,
    ],
    ['does not come to its gate while it is paused', legacyPair({ backend: withdrawn(PAUSED) }), 'manually-paused'],
    [
      'would come to users at once who meet another version there',
      {
        members: [
          {
            name: 'web',
            canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 0 },
            live: { version: '1.0', env: { API: 'api-active' } },
            next: { version: '2.0', env: { API: 'api-active' }, desired: 0, available: 0 },
            status: ABORTED,
          },
          { name: 'api', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
        services: [{ name: 'web', selector: { app: 'web' } }],
      },
      'mixed-window',
    ],
  ]
  for (const [what, spec, expected] of rows) it(what, () => assert.equal(line(spec, 'retry-all'), expected))

  it('is named as the cure where a promoted consumer finds nobody behind its preview Service', () => {
    const { env } = legacyPair().members[0]!.next!
    const spec: WorldSpec = {
      members: [
        { name: 'my-frontend', live: { version: '2.0', env: env! } },
        { name: 'my-backend', live: { version: '1.0' }, ...withdrawn() },
      ],
    }
    assert.equal(judge(groupOf(spec)).cure, 'retry-all')
  })
})

describe('a pause', () => {
  it('is refused between the last gate and the end, where nobody could be sent back', () =>
    assert.equal(
      line(legacyPair({ frontend: { active: 'next', status: { pauseConditions: [] } } }), 'pause-all'),
      'held-by-pause',
    ))
  it('leaves alone who is paused', () =>
    assert.equal(line(legacyPair({ frontend: PAUSED }), 'pause-all'), '1 pause my-backend 1.0'))
  it('is taken back in the other order', () =>
    assert.equal(
      line(legacyPair({ frontend: PAUSED, backend: PAUSED }), 'resume-all'),
      '1 resume my-backend 1.0; 2 resume my-frontend 1.0',
    ))
  it('is refused to end where what was deployed meanwhile would take a Service of users away', () =>
    assert.equal(
      line(
        {
          members: [
            { name: 'front', live: { version: '1.0', env: { B_HOST: 'back-preview' } } },
            { name: 'back', live: { version: '1.0' }, next: { version: '2.0' }, preview: 'live', ...PAUSED },
          ],
        },
        'resume-all',
      ),
      'mixed-window',
    ))
  it('of a modern group goes all at once', () =>
    assert.equal(
      line(legacyPair({ frontend: MODERN, backend: MODERN }), 'pause-all'),
      '1 pause my-backend 1.0, pause my-frontend 1.0',
    ))
})

describe('a restart', () => {
  it('takes no pod whose ConfigMap is gone: none would start again', () => {
    const spec = legacyPair()
    spec.members[1]!.live = { version: '1.0', fromConfig: { GREETING: ['words', 'hello'] } }
    spec.configs = { words: 'missing' }
    assert.equal(line(spec, 'restart-all'), 'missing-config')
  })
  it('leaves alone who is to have no pods', () =>
    assert.equal(line(legacyPair({ backend: { replicas: 0 } }), 'restart-all'), '1 restart my-frontend 1.0'))
})
