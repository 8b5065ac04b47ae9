import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { releasesOf } from '../../src/domain/trace/releases.ts'
import { told } from '../support/typed.ts'
import { type RevisionSpec, world } from '../support/objects.ts'

/** What is live and waits of a consumer that came to users in 2.0, and of its dependency, of which 2.0 waits. */
interface HalfWay {
  readonly live?: RevisionSpec
  readonly next?: RevisionSpec
  readonly api?: { readonly live: RevisionSpec; readonly next: RevisionSpec }
}

const LABEL = 'rollouts-group/release'
const calls = (role: 'active' | 'preview') => ({ env: { API_URL: `http://api-${role}:8080` } })

const groupOf = ({ live, next, api }: HalfWay) =>
  readGroup(
    world({
      members: [
        {
          name: 'web',
          live: live ?? { version: '2.0', ...calls('preview') },
          next: next ?? { version: '2.1', ...calls('preview') },
        },
        { name: 'api', ...(api ?? { live: { version: '1.0' }, next: { version: '2.0' } }) },
      ],
    }),
    'loan',
  )

/** The release of what users of the consumer are on. */
const liveOf = (spec: HalfWay) => {
  const group = groupOf(spec)
  return releasesOf(group, {}).of.get(group.members.find((each) => each.name === 'web')!.live!.id)
}

const labelled = (label: string) => ({ labels: { [LABEL]: label } })

describe('what users of a consumer are on that is deployed once more', () => {
  const table: readonly [what: string, spec: HalfWay, release: 'old' | 'new'][] = [
    ['belongs to the release that waits for what it calls, as its version says', {}, 'new'],
    [
      'belongs to it as its label says, whatever its version is taken from',
      {
        live: { version: '7.1', ...calls('preview'), ...labelled('2.0') },
        next: { version: '7.2', ...calls('preview'), ...labelled('2.0') },
        api: { live: { version: '1.0' }, next: { version: '2.0', ...labelled('2.0') } },
      },
      'new',
    ],
    [
      'belongs to the one before where that had the same label',
      {
        live: { version: '2.0', ...calls('active'), ...labelled('2.0') },
        next: { version: '2.0', env: { ...calls('preview').env, LEVEL: '2' }, ...labelled('2.0') },
        api: {
          live: { version: '2.0', ...labelled('2.0') },
          next: { version: '2.0', env: { LEVEL: '2' }, ...labelled('2.0') },
        },
      },
      'old',
    ],
    [
      'belongs to the one before where another label says so',
      {
        live: { version: '2.0', ...calls('preview'), ...labelled('1.0') },
        api: { live: { version: '1.0' }, next: { version: '2.0', ...labelled('2.0') } },
      },
      'old',
    ],
    [
      'belongs to the one before where it does not call what waits',
      { live: { version: '2.0', ...calls('active') } },
      'old',
    ],
    [
      'belongs to the one before where it has another version',
      { live: { version: '1.0', ...calls('preview') }, next: { version: '2.0', ...calls('preview') } },
      'old',
    ],
    [
      'belongs to the one before where one version is on both sides',
      { api: { live: { version: '2.0' }, next: { version: '2.0', env: { LEVEL: '2' } } } },
      'old',
    ],
  ]
  for (const [what, spec, release] of table) it(what, () => assert.equal(liveOf(spec), release))
})

describe('a release of which a part came to users, and waits once more', () => {
  it('goes on', () => {
    const { waves, findings } = makePlan(groupOf({}), 'promote-all', {})
    assert.deepEqual(
      [waves.flat().map((each) => each.member), findings.filter((each) => each.severity === 'error')],
      [['web', 'api'], []],
    )
  })

  it('is not withdrawn under those users, and is told what leads back', () => {
    const { findings } = makePlan(groupOf({}), 'abort-all', {})
    const refusal = findings.find((each) => each.code === 'partial-release')!
    assert.equal(refusal.severity, 'error')
    assert.match(told(refusal.remedy), /promote-all loan -n legacy; from there .* undo-all loan -n legacy$/)
  })
})
