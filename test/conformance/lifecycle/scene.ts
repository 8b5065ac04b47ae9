import type { Cluster, PatchOperation, PatchOptions, Resource } from '../../../src/cluster/port.ts'
import type { Api, KubeObject } from '../../controlplane/api.ts'
import type { Chronicle } from './chronicle.ts'
import { clock, manifestPath, template, type Manifest, type Version } from './manifests.ts'
import type { Followed, Moment } from './moment.ts'
import type { Story } from './story.ts'

/** The label by which controllers share a cluster. */
export const INSTANCE = 'argo-rollouts.argoproj.io/controller-instance-id'

const PATIENCE = 60_000

/** What the controller calls analyses. */
const KINDS = { pre: 'PrePromotion', post: 'PostPromotion', step: 'Step', background: 'Background' } as const

/** What a scene is played on. */
export interface Ground {
  /** The adapter the product uses. */
  readonly cluster: Cluster
  /** A bare client, for what the product never does: creating workloads. */
  readonly api: Api
  readonly chronicle: Chronicle
}

/** One case's own namespace: what is done there, and what is seen to follow from it. */
export class Scene {
  readonly namespace: string
  readonly cluster: Cluster
  readonly api: Api
  readonly #chronicle: Chronicle

  private constructor(namespace: string, { cluster, api, chronicle }: Ground) {
    this.namespace = namespace
    this.cluster = cluster
    this.api = api
    this.#chronicle = chronicle
  }

  static async open(ground: Ground): Promise<Scene> {
    const { metadata } = await ground.api.request('POST', '/api/v1/namespaces', { metadata: { generateName: 'case-' } })
    return new Scene(metadata.name, ground)
  }

  /** Creates objects, one after the other. @throws ApiError */
  async create(...manifests: readonly Manifest[]): Promise<void> {
    for (const manifest of manifests) await this.api.request('POST', manifestPath(manifest, this.namespace), manifest)
  }

  /**
   * Creates objects and waits until the Rollout among them is healthy on v1, and all its pods are behind each Service.
   */
  async running(manifests: readonly Manifest[]): Promise<Moment> {
    await this.create(...manifests)
    return this.until(
      'healthy on v1',
      (moment) =>
        moment.find('rollouts', 'app') &&
        moment.isHealthyOn('v1') &&
        moment.all('services').every(({ metadata }) => moment.ready(metadata.name) === moment.scale('v1').available),
    )
  }

  /** A JSON patch; resolves when a watch has told of its result. @throws ClusterError */
  async patch(
    resource: Resource & Followed,
    name: string,
    operations: readonly PatchOperation[],
    options: PatchOptions = {},
  ): Promise<KubeObject> {
    const object = (await this.cluster.patch(
      resource,
      { namespace: this.namespace, name },
      operations,
      options,
    )) as KubeObject
    const signal = AbortSignal.timeout(PATIENCE)
    while (options.dryRun !== true && !this.#chronicle.knows(this.namespace, resource, object))
      await this.#chronicle.next(this.namespace, signal)
    return object
  }

  /** The Rollout's status, or its spec, patched. @throws ClusterError */
  status(...operations: readonly PatchOperation[]): Promise<KubeObject> {
    return this.patch('rollouts', 'app', operations, { subresource: 'status' })
  }

  spec(...operations: readonly PatchOperation[]): Promise<KubeObject> {
    return this.patch('rollouts', 'app', operations)
  }

  /** Puts a version's template in place. */
  deploy(version: Version): Promise<KubeObject> {
    return this.spec({ op: 'replace', path: '/spec/template', value: template(version) })
  }

  /** Deploys a version and waits until it stands at its gate. */
  async atGate(version: Version): Promise<Moment> {
    await this.deploy(version)
    return this.untilAtGate(nameOf(version))
  }

  untilAtGate(version: string): Promise<Moment> {
    return this.until(
      `${version} at its gate`,
      (moment) =>
        moment.current === version && (moment.isPausedBy('BlueGreenPause') || moment.isPausedBy('CanaryPauseStep')),
    )
  }

  /** At the gate of v2 that is this step of a canary. */
  untilAtStep(index: number): Promise<Moment> {
    return this.until(
      `v2 at the gate of step ${index}`,
      (moment) =>
        moment.current === 'v2' && moment.isPausedBy('CanaryPauseStep') && moment.status.currentStepIndex === index,
    )
  }

  untilHealthyOn(version: string): Promise<Moment> {
    return this.until(`healthy on ${version}`, (moment) => moment.isHealthyOn(version))
  }

  /**
   * Only what was seen at the gate: the write that the product makes. @throws ClusterError, reason Invalid, where that
   * has changed
   */
  promote(): Promise<KubeObject> {
    const { currentPodHash } = this.now.status
    return this.status(
      { op: 'test', path: '/status/currentPodHash', value: currentPodHash },
      { op: 'remove', path: '/status/pauseConditions' },
    )
  }

  abort(): Promise<KubeObject> {
    return this.status({ op: 'add', path: '/status/abort', value: true })
  }

  /** Aborts, and waits until the controller has taken it up. */
  async aborted(): Promise<Moment> {
    await this.abort()
    return this.until('aborted', (moment) => moment.isAborted)
  }

  retry(): Promise<KubeObject> {
    return this.status({ op: 'replace', path: '/status/abort', value: false })
  }

  promoteFull(): Promise<KubeObject> {
    return this.status({ op: 'add', path: '/status/promoteFull', value: true })
  }

  /** Gives the Rollout to a controller that is not there: nothing reacts to what is written. */
  hold(): Promise<KubeObject> {
    return this.spec({ op: 'add', path: '/metadata/labels', value: { [INSTANCE]: 'another' } })
  }

  unhold(): Promise<KubeObject> {
    return this.spec({ op: 'remove', path: '/metadata/labels' })
  }

  /** Makes a running pod unready, or ready again; the simulated kubelets leave it so. */
  async setReady(pod: KubeObject, ready: boolean): Promise<void> {
    const status = ready ? 'True' : 'False'
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status, reason: ready ? '' : 'Broken' }))
    await this.patch('pods', pod.metadata.name, [{ op: 'add', path: '/status/conditions', value: conditions }], {
      subresource: 'status',
    })
  }

  /** Lets the first so many pods of a version become ready that was told never to be, and waits for them. */
  async release(version: string, count: number): Promise<void> {
    const there = await this.until(`${count} pods of ${version}`, (moment) => moment.pods(version).length >= count)
    for (const { metadata } of there.pods(version).slice(there.scale(version).available, count)) {
      await this.patch('pods', metadata.name, [
        { op: 'remove', path: '/metadata/annotations/pod-ready.stage.kwok.x-k8s.io~1never' },
      ])
    }
    await this.until(`${count} available of ${version}`, (moment) => moment.scale(version).available >= count)
  }

  /** Waits for an AnalysisRun that still runs and ends it. */
  async judge(kind: keyof typeof KINDS, verdict: 'Successful' | 'Failed' | 'Inconclusive'): Promise<Moment> {
    const type = KINDS[kind]
    const running = ({ metadata, status }: KubeObject): boolean =>
      status?.phase === 'Running' && metadata.labels?.['rollout-type'] === type
    const moment = await this.until(`a ${type} analysis that runs`, (each) => each.all('analysisruns').some(running))
    const run = moment.all('analysisruns').find(running)!
    await this.patch('analysisruns', run.metadata.name, [{ op: 'add', path: '/status/phase', value: verdict }])
    return moment
  }

  get now(): Moment {
    return this.#chronicle.now(this.namespace)
  }

  /** The first moment from now on at which the namespace is as described. @throws Error with what it was at last */
  async until(what: string, seen: (moment: Moment) => unknown): Promise<Moment> {
    const signal = AbortSignal.timeout(PATIENCE)
    try {
      for (;;) {
        while (!seen(this.now)) await this.#chronicle.next(this.namespace, signal)
        const moment = await this.#chronicle.at(this.namespace, this.now.version, signal)
        if (seen(moment)) return moment
      }
    } catch (error) {
      if (!signal.aborted) throw error
      throw new Error(`not seen in ${PATIENCE} ms in ${this.namespace}: ${what}; at last:\n${this.now}`, {
        cause: error,
      })
    }
  }

  /** Lets the cluster's own time pass: a pod of this delay comes up, of another name each time. */
  async pass(delay: string, name = 'clock'): Promise<Moment> {
    await this.create(clock(name, delay))
    return this.until(`${delay} later`, (moment) =>
      moment
        .find('pods', name)
        ?.['status']?.conditions?.some(({ type, status }: any) => type === 'Ready' && status === 'True'),
    )
  }

  /** What has happened since an object was as it is here; everything, where there is none. */
  story(since?: KubeObject): Promise<Story> {
    return this.#chronicle.story(
      this.namespace,
      Number(since?.metadata.resourceVersion ?? 0),
      AbortSignal.timeout(PATIENCE),
    )
  }
}

function nameOf(version: Version): string {
  return typeof version === 'string' ? version : version.name
}
