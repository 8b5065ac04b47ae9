import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { parse } from '../../src/cli/line/parser.ts'
import { typedAs, typedIn } from '../../src/cli/group/target.ts'
import type { Code, Finding } from '../../src/domain/findings/finding.ts'
import { callsIn } from '../../src/domain/findings/remedy.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import { foreseen } from '../../src/domain/plan/foreseen.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { faultOf, shellWords } from '../support/command-grammar.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

interface Row {
  readonly spec: WorldSpec
  readonly verb?: Verb
  readonly options?: PlanOptions
}

const MOVING = { pauseConditions: [], controllerPause: false }
const alone = (name: string, more: Partial<MemberSpec> = {}): MemberSpec => ({
  name,
  live: { version: '1.0' },
  next: { version: '2.0' },
  ...more,
})
const plain = { services: [{ name: 'api', selector: { app: 'api' } }] }
const circle = ['a', 'b'].map((name, index, all) =>
  alone(name, {
    live: { version: '1.0', env: { OTHER: `${all[1 - index]!}-active` } },
    next: { version: '2.0', env: { OTHER: `${all[1 - index]!}-preview` } },
  }),
)

/** A world for each code whose remedy speaks of commands. */
const SPEAKING: Partial<Record<Code, Row>> = {
  aborted: {
    spec: { members: [alone('web', { status: { ...MOVING, abort: true, abortedAt: '2026-01-01T00:00:00Z' } })] },
  },
  'already-mixed': { spec: WORLDS.leak },
  'auto-promotion': { spec: legacyPair({ backend: { strategy: { autoPromotionEnabled: true } } }) },
  'config-changed': {
    spec: {
      ...legacyPair({
        frontend: {
          live: { version: '1.0', fromConfig: { BACKEND_HOST: ['one', 'HOST'] } },
          next: { version: '2.0', fromConfig: { BACKEND_HOST: ['two', 'HOST'] } },
        },
      }),
      configs: { one: { HOST: 'backend-active' }, two: { HOST: 'backend-preview' } },
      edited: { one: Date.UTC(2026, 1, 1) },
    },
    verb: 'promote-all',
    options: { only: ['my-backend'] },
  },
  'declared-differs': { spec: legacyPair({ frontend: { annotations: { 'rollouts-group/depends-on': '' } } }) },
  degraded: { spec: WORLDS.degraded },
  'goes-live-at-once': {
    spec: {
      members: [
        alone('web', { active: 'next', status: { ...MOVING, abort: true, abortedAt: '2026-01-01T00:00:00Z' } }),
      ],
    },
    verb: 'retry-all',
  },
  'half-way': { spec: legacyPair(), options: { only: ['my-frontend'] } },
  'held-by-pause': { spec: legacyPair(), verb: 'pause-all' },
  inconclusive: {
    spec: legacyPair({ backend: { status: { pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] } } }),
  },
  'manually-paused': { spec: legacyPair({ backend: { spec: { paused: true } } }) },
  'no-entry': { spec: { members: circle } },
  'partial-release': { spec: WORLDS.half, verb: 'abort-all' },
  unpinned: {
    spec: {
      members: [
        {
          name: 'api',
          live: { version: '1.0', image: 'api:1.0', labels: { 'rollouts-group/release': '1.0' } },
          next: { version: '1.0', image: 'api:1.0' },
        },
      ],
    },
  },
  'unknown-dependency': {
    spec: legacyPair({ frontend: { annotations: { 'rollouts-group/depends-on': 'my-backend,other' } } }),
  },
  'version-mismatch': { spec: legacyPair({ backend: { next: { version: '3.0' } } }) },
  'versions-differ': {
    spec: legacyPair({
      frontend: { live: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } }, next: undefined! },
      backend: { next: undefined! },
    }),
  },
  'wire-unknown': { spec: { members: [alone('a'), alone('b')] } },
  'wired-to-both': {
    spec: { members: [alone('web', { next: { version: '2.0', env: { API: 'api' } } }), alone('api')], ...plain },
  },
}

/** Codes whose commands other tests bring about, each with the test. */
const ELSEWHERE: Partial<Record<Code, string>> = {
  'invalid-spec': 'test/domain/refusal.test.ts',
  'outside-group': 'test/domain/unknown.test.ts',
  rbac: 'test/execute/permissions.test.ts',
  'scale-down-window': 'test/domain/plan.test.ts',
  unowned: 'test/domain/plan.test.ts',
  'wire-doubtful': 'test/domain/wires.test.ts',
}

/** Every code that is said, in its own words or those of a part, with a command in its remedy. */
function speaking(): string[] {
  const makers = /\b(ours|kubectl|orModern|annotate|callOn|canI)\(|tool: 'kubectl'/
  const found = globSync('src/{domain,execute}/**/*.ts').flatMap((file) => {
    const [, ...said] = readFileSync(file, 'utf8').split(/\b(?:say|finding)\(\s*(?:context|plan\.mode),\s*(?=')/)
    return said.filter((part) => makers.test(part.split('\n}\n')[0]!)).map((part) => /^'([a-z-]+)'/.exec(part)![1]!)
  })
  return [...new Set(found)].sort()
}

function said({ spec, verb = 'promote-all', options = {} }: Row): Finding[] {
  const group = readGroup(world(spec), 'loan')
  return [...makePlan(group, verb, options).findings, ...foreseen(group, options)]
}

const ARGS = [
  {},
  { context: "prod's", kubeconfig: '/home/jane doe/k', as: 'system:admin', 'group-label': 'team/app', mode: 'legacy' },
  { selector: 'loan', server: 'https://k8s.example.com:6443' },
]

describe('every command that a sentence speaks of', () => {
  it('is of a code that is tried here, or by the test that is named', () => {
    assert.deepEqual(
      speaking().filter((code) => !(code in SPEAKING) && !(code in ELSEWHERE)),
      [],
    )
    assert.ok(speaking().length > 10)
  })

  for (const [code, row] of Object.entries(SPEAKING)) {
    it(`of ${code} runs as it is printed`, async () => {
      const calls = said(row)
        .filter((each) => each.code === code)
        .flatMap((each) => callsIn(each.remedy))
      if (code !== 'version-mismatch') assert.ok(calls.length > 0, `${code} speaks of no command here`)
      for (const args of ARGS)
        for (const call of calls) {
          const line = typedAs(args)(call)
          const [, , ...words] = shellWords(line)
          if (call.tool === 'rollouts-group') assert.ok('command' in (await parse(words, 100)), line)
          else assert.equal(faultOf(line), undefined, line)
        }
    })
  }

  it('leads to the cluster of a demo in a demo', async () => {
    const typed = typedIn(({ words, group }) => ['kubectl rollouts-group demo legacy', ...words, group].join(' '), {})
    const [call] = callsIn(said({ spec: WORLDS.degraded })[0]!.remedy)
    assert.equal(typed(call!), 'kubectl rollouts-group demo legacy abort-all loan')
  })

  it('is judged by a grammar that knows what is wrong', () => {
    for (const line of [
      'kubectl annotate rollout',
      "kubectl patch rollout web --type merge -p '{'",
      'kubectl annotate web a=b',
    ])
      assert.throws(() => assert.equal(faultOf(line), undefined), line)
  })
})
