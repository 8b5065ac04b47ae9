import { typed } from '../support/typed.ts'
/** The groups that the views are drawn of, and how a screen is drawn in a test. */

import assert from 'node:assert/strict'
import type { Mode } from '../../src/domain/findings/mode.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { groupView, type GroupView } from '../../src/view/words/group-view.ts'
import type { Drawing } from '../../src/view/draw/drawing.ts'
import { painter } from '../../src/view/draw/theme.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

/** When everything is looked at: noon. */
export const NOW = Date.parse('2026-01-01T12:00:00Z')

const ABORTED = {
  abort: true,
  abortedAt: '2026-01-01T00:00:00Z',
  phase: 'Degraded',
  message: 'RolloutAborted: Rollout aborted update to revision 3',
  pauseConditions: [],
  controllerPause: false,
}
const STARTING = {
  pauseConditions: [],
  controllerPause: false,
  phase: 'Progressing',
  message: 'active service cutover pending',
}
const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }]
const SETTINGS = 'my-frontend-settings-7f9c'
const WIRED_TO_PREVIEW = { BACKEND_HOST: 'backend-preview' }

/** A blue/green member that calls others by their roles' Services. */
export function member(name: string, dependencies: string[], more: Partial<MemberSpec> = {}): MemberSpec {
  const wires = (role: string) =>
    Object.fromEntries(dependencies.map((each) => [`${each.toUpperCase()}_URL`, `http://${each}-${role}:8080/api`]))
  return {
    name,
    live: { version: '1.0', env: wires('active') },
    next: { version: '2.0', env: wires('preview') },
    ...more,
  }
}

function canary(name: string, index: number, hosts: [string, string] | []): MemberSpec {
  const pods = (count: number) => ({ desired: count, available: count })
  return {
    name,
    replicas: 5,
    canary: { steps: STEPS, index },
    live: { version: '1.0', env: { API: hosts[0] ?? '' }, ...pods(4) },
    next: { version: '2.0', env: { API: hosts[1] ?? '' }, ...pods(1) },
  }
}

/** Every state of a group that has a screen of its own. */
export const WORLDS = {
  ready: legacyPair(),
  trouble: {
    ...legacyPair({ frontend: { next: { version: '2.0', fromConfig: { BACKEND_HOST: [SETTINGS, 'BACKEND_HOST'] } } } }),
    configs: { [SETTINGS]: { BACKEND_HOST: 'backend-active' } },
  },
  aborted: legacyPair({ frontend: { status: ABORTED }, backend: { status: ABORTED } }),
  /** One member was aborted, and another one waits for it. */
  halfAborted: legacyPair({ backend: { status: ABORTED } }),
  halfDeployed: legacyPair({ frontend: { next: undefined! } }),
  half: legacyPair({
    frontend: {
      live: { version: '2.0', env: WIRED_TO_PREVIEW },
      next: undefined!,
      lingering: { version: '1.0', env: { BACKEND_HOST: 'backend-active' }, deadline: NOW + 17_000 },
    },
  }),
  starting: legacyPair({
    frontend: { status: STARTING, next: { version: '2.0', env: WIRED_TO_PREVIEW, available: 1 } },
  }),
  canary: {
    members: [canary('web', 1, ['api-stable', 'api-canary']), canary('api', 1, [])],
    services: [{ name: 'web', selector: { app: 'web' } }],
  },
  modern: {
    members: legacyPair().members.map((each) => ({ ...each, annotations: { 'rollouts-group/mode': 'modern' } })),
  },
  diamond: {
    members: [member('shop', ['cart', 'search']), member('cart', ['db']), member('search', ['db']), member('db', [])],
  },
  one: { members: [member('solo', [])] },
  settled: legacyPair({ frontend: { next: undefined! }, backend: { next: undefined! } }),
  unknown: legacyPair({
    frontend: {
      live: { version: '1.0' },
      next: { version: '2.0' },
      annotations: { 'rollouts-group/depends-on': 'my-backend' },
    },
  }),
  /** The next release reaches users of the last one through the preview Service. */
  leak: {
    members: [
      { name: 'web', live: { version: '2.0', env: { API: 'api-preview' } } },
      { name: 'api', live: { version: '2.0' }, next: { version: '3.0' } },
    ],
  },
  degraded: legacyPair({
    backend: {
      status: {
        ...STARTING,
        phase: 'Degraded',
        message: 'ProgressDeadlineExceeded: ReplicaSet "my-backend-2" has timed out progressing.',
      },
      next: { version: '2.0', available: 0 },
    },
  }),
  /** No pod is behind the Service that users' requests go through. */
  empty: legacyPair({ backend: { live: { version: '1.0', available: 0 } } }),
} as const satisfies Record<string, WorldSpec>

/** Nothing waits, and one member is paused by hand. */
export const PAUSED = legacyPair({
  frontend: { next: undefined!, spec: { paused: true }, status: { phase: 'Paused', message: 'manually paused' } },
  backend: { next: undefined! },
})

export function viewOf(spec: WorldSpec, name = 'loan', mode?: Mode): GroupView {
  return groupView(readGroup(world(spec), name, mode), NOW)
}

export function planOf(spec: WorldSpec, verb: Verb = 'promote-all', options: PlanOptions = {}): Plan {
  return makePlan(readGroup(world(spec), 'loan'), verb, options)
}

/** Without colours, on a screen of so many columns; undefined: as wide as it takes. */
export function at(width?: number): Drawing {
  return {
    width,
    paint: painter(false),
    typed,
  }
}

/** Compares lines with a screen drawn in the test, where it is indented by four. */
export function assertScreen(lines: readonly string[], expected: string): void {
  assert.equal(`\n${lines.join('\n')}`, expected.replaceAll('\n    ', '\n'))
}
