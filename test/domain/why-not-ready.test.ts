import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { whyNotReady } from '../../src/domain/group/why-not-ready.ts'
import { podState } from '../../src/domain/objects/pod-state.ts'
import { legacyPair, world } from '../support/objects.ts'

const { members } = readGroup(world(legacyPair()), 'loan')
const BACKEND = members.find((each) => each.name === 'my-backend')!.next!

/** A pod of my-backend 2.0 that is not ready. */
function pod(status: unknown, name = 'one'): unknown {
  return {
    metadata: { name, ownerReferences: [{ name: BACKEND.name }], creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ name: 'app' }] },
    status: { conditions: [{ type: 'Ready', status: 'False' }], ...(status as object) },
  }
}

function waiting(reason: string, message = '', more: unknown = {}): unknown {
  return {
    phase: 'Pending',
    containerStatuses: [{ name: 'app', ready: false, state: { waiting: { reason, message } }, ...(more as object) }],
  }
}

function warning(kind: string, name: string, reason: string, message: string): unknown {
  return { type: 'Warning', involvedObject: { kind, name }, reason, message, lastTimestamp: '2026-01-01T00:01:00Z' }
}

const UNHEALTHY = warning('Pod', 'one', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')
const QUOTA = warning('ReplicaSet', BACKEND.name, 'FailedCreate', 'pods "x" is forbidden: exceeded quota: team.')
const HIDDEN = warning('Pod', 'one', 'FailedMount', 'MountVolume.SetUp failed: configmap "settings" not found')

/** What is seen, and what is said of it. */
const CASES: readonly (readonly [what: string, pods: unknown[], events: unknown[], said: string[]])[] = [
  ['says nothing of a pod that only starts', [pod(waiting('ContainerCreating'))], [], []],
  [
    'says why an image does not come',
    [pod(waiting('ImagePullBackOff', 'Back-off pulling image "loan:2.0"'))],
    [],
    ['pod one of my-backend 2.0: container app: ImagePullBackOff: Back-off pulling image "loan:2.0"'],
  ],
  [
    'says once what several pods have alike',
    [pod(waiting('ErrImagePull', 'not found')), pod(waiting('ErrImagePull', 'not found'), 'two')],
    [],
    ['2 pods of my-backend 2.0: container app: ErrImagePull: not found'],
  ],
  [
    'says with what a container ended that is started again and again',
    [
      pod(
        waiting('CrashLoopBackOff', 'back-off 5m0s', {
          restartCount: 4,
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
        }),
      ),
    ],
    [],
    ['pod one of my-backend 2.0: container app: CrashLoopBackOff: it ended with OOMKilled, exit code 137'],
  ],
  [
    'says why no node takes it',
    [
      pod({
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes: insufficient cpu.' },
        ],
      }),
    ],
    [],
    ['pod one of my-backend 2.0: Unschedulable: 0/3 nodes: insufficient cpu'],
  ],
  [
    'says the last warning of a pod that says nothing itself',
    [pod({ phase: 'Running', containerStatuses: [{ name: 'app', ready: false, state: { running: {} } }] })],
    [UNHEALTHY],
    ['pod one of my-backend 2.0: Unhealthy: ' + 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
  ],
  [
    'says what is missing where it waits for a volume',
    [pod(waiting('ContainerCreating'))],
    [HIDDEN],
    ['pod one of my-backend 2.0: FailedMount: MountVolume.SetUp failed: configmap "settings" not found'],
  ],
  [
    'says that a quota or a webhook takes no pods',
    [],
    [QUOTA],
    ['no pod of my-backend 2.0 is made: pods "x" is forbidden: exceeded quota: team'],
  ],
  [
    'says nothing of what warned before the pods were there',
    [
      pod({ conditions: [{ type: 'Ready', status: 'True' }] }),
      pod({ conditions: [{ type: 'Ready', status: 'True' }] }, 'two'),
      pod({ conditions: [{ type: 'Ready', status: 'True' }] }, 'three'),
    ],
    [QUOTA, UNHEALTHY],
    [],
  ],
]

describe('why pods are not ready', () => {
  for (const [what, pods, events, said] of CASES)
    it(what, () =>
      assert.deepEqual(
        whyNotReady(members, pods, events).map((each) => each.sentence),
        said,
      ),
    )

  it('names the pod whose log may say more', () => {
    const crashed = pod(
      waiting('CrashLoopBackOff', '', { restartCount: 1, lastState: { terminated: { exitCode: 1 } } }),
    )
    assert.deepEqual(
      whyNotReady(members, [crashed], []).map((each) => each.log),
      [{ pod: 'one', container: 'app' }],
    )
    assert.equal(whyNotReady(members, [pod(waiting('ErrImagePull', 'gone'))], [])[0]!.log, undefined)
  })

  it('reads what is no pod at all', () =>
    assert.deepEqual(podState('nothing'), {
      name: '',
      owner: '',
      node: '',
      ready: 0,
      containers: 0,
      restarts: 0,
      created: 0,
      isReady: false,
      doing: 'Unknown',
      trouble: undefined,
    }))
})
