import { at, list, text, time, whole } from './fields.ts'
import { ownerOf } from './pod.ts'

/** A pod as a person asks after it. */
export interface PodState {
  readonly name: string
  /** Its ReplicaSet. */
  readonly owner: string
  /** Empty where no node has it. */
  readonly node: string
  /** Containers that are ready, and all of them. */
  readonly ready: number
  readonly containers: number
  readonly restarts: number
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly isReady: boolean
  /** What it does, in the kubelet's word: `Running`, `ImagePullBackOff`, `Terminating`. */
  readonly doing: string
  /** Why it is not ready; undefined where nothing says so. */
  readonly trouble: Trouble | undefined
}

/** Why a pod is not ready. */
export interface Trouble {
  /** The kubelet's or the scheduler's word. */
  readonly reason: string
  /** Empty where it says no more. */
  readonly message: string
  /** Undefined: it is about the whole pod. */
  readonly container: string | undefined
}

/** Reasons with which every container waits once. */
const STARTING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing'])

/** Reads a pod's status; never throws. */
export function podState(raw: unknown): PodState {
  const status = at(raw, 'status')
  const containers = list(at(status, 'containerStatuses'))
  const going = at(raw, 'metadata', 'deletionTimestamp') !== undefined
  const trouble = going ? undefined : troubleOf(raw)
  return {
    name: text(at(raw, 'metadata', 'name')) ?? '',
    owner: ownerOf(raw),
    node: text(at(raw, 'spec', 'nodeName')) ?? '',
    ready: containers.filter((each) => at(each, 'ready') === true).length,
    containers: Math.max(containers.length, list(at(raw, 'spec', 'containers')).length),
    restarts: containers.reduce<number>((sum, each) => sum + (whole(at(each, 'restartCount')) ?? 0), 0),
    created: time(at(raw, 'metadata', 'creationTimestamp')) ?? 0,
    isReady: condition(raw, 'Ready', 'True') !== undefined,
    doing: going ? 'Terminating' : (trouble?.reason ?? text(at(status, 'phase')) ?? 'Unknown'),
    trouble,
  }
}

/** The first of: no node takes it, the node put it out, a container waits or ended (kubectl, printPod). */
function troubleOf(raw: unknown): Trouble | undefined {
  const said = (from: unknown, container?: string, reason = text(at(from, 'reason'))): Trouble | undefined =>
    reason === undefined || reason === '' ? undefined : { reason, message: text(at(from, 'message')) ?? '', container }
  const unscheduled = condition(raw, 'PodScheduled', 'False')
  if (unscheduled !== undefined) return said(unscheduled)
  const status = at(raw, 'status')
  if (text(at(status, 'phase')) === 'Failed') return said(status, undefined, text(at(status, 'reason')) ?? 'Failed')
  const all = [...list(at(status, 'initContainerStatuses')), ...list(at(status, 'containerStatuses'))]
  for (const each of all) {
    const name = text(at(each, 'name'))
    const waiting = at(each, 'state', 'waiting')
    const reason = text(at(waiting, 'reason')) ?? ''
    if (waiting !== undefined && !STARTING.has(reason)) return withLast(said(waiting, name), each)
    const code = whole(at(each, 'state', 'terminated', 'exitCode')) ?? 0
    if (code !== 0) return ended(at(each, 'state', 'terminated'), name)
  }
  return undefined
}

/** A container that is to be started again says why it ended, not only that it waits. */
function withLast(trouble: Trouble | undefined, container: unknown): Trouble | undefined {
  const last = at(container, 'lastState', 'terminated')
  if (trouble === undefined || last === undefined) return trouble
  const { reason, message } = ended(last, undefined)
  return { ...trouble, message: `it ended with ${reason}, ${message}` }
}

function ended(terminated: unknown, container: string | undefined): Trouble {
  const said = (text(at(terminated, 'message')) ?? '').trim()
  return {
    reason: text(at(terminated, 'reason')) ?? 'Error',
    message: `exit code ${whole(at(terminated, 'exitCode')) ?? 0}${said === '' ? '' : `: ${said}`}`,
    container,
  }
}

function condition(raw: unknown, type: string, status: string): unknown {
  return list(at(raw, 'status', 'conditions')).find(
    (each) => at(each, 'type') === type && at(each, 'status') === status,
  )
}
