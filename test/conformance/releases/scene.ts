import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ApiError, type KubeObject } from '../../controlplane/api.ts'
import type { Finished } from '../../controlplane/run.ts'
import type { ControlPlane } from '../../controlplane/start.ts'
import { watchUntil } from '../../controlplane/watch-until.ts'
import { requestsOf } from '../audit.ts'
import { KINDS } from '../look.ts'
import { startProber, type Report } from '../prober.ts'
import {
  environmentOf,
  freshNamespace,
  pathOf,
  pluginPath,
  runOfficialPlugin,
  runPlugin,
  waitFor,
  type Collection,
} from '../support.ts'
import { note } from './ledger.ts'
import {
  aliasOf,
  collectionPath,
  entryOf,
  GROUP,
  manifestsOf,
  servicesOf,
  type Manifest,
  type Wiring,
  type World,
} from './manifests.ts'

/** Milliseconds after which what should have come is given up; the machine may be busy. */
export const PATIENCE = 180_000

/** Verbs that write. */
export type WritingVerb = 'promote-all' | 'abort-all' | 'release' | 'undo-all'

/** Requests are watched from outside until it is ended. */
export interface Probe {
  /** No request has met two versions or an empty Service, old connections included. */
  clean(): Promise<void>
  /** Ends it, where requests do go wrong, for a judgement of one's own, which goes into the table in these words. */
  end(verdict: string): Promise<Report>
}

/** One scenario's own namespace on the real control plane, and the group in it. */
export class Scene {
  readonly name: string
  readonly plane: ControlPlane
  readonly namespace: string
  readonly world: World
  /** Of the user, and the way to the API server, by which our plugin acts. */
  readonly kubeconfig: string

  private constructor(
    name: string,
    plane: ControlPlane,
    namespace: string,
    world: World,
    kubeconfig = plane.kubeconfig,
  ) {
    this.name = name
    this.plane = plane
    this.namespace = namespace
    this.world = world
    this.kubeconfig = kubeconfig
  }

  static async open(name: string, plane: ControlPlane, world: World): Promise<Scene> {
    return new Scene(name, plane, await freshNamespace(plane, 'release'), world)
  }

  /** The same scene, where our plugin acts by another kubeconfig. */
  by(kubeconfig: string): Scene {
    return new Scene(this.name, this.plane, this.namespace, this.world, kubeconfig)
  }

  get members(): readonly string[] {
    return this.world.map(({ name }) => name)
  }

  /**
   * Creates an object, or changes the one that is there; of a Service the controller has changed the selector: it is
   * left alone. @throws ApiError
   */
  async apply(manifest: Manifest): Promise<void> {
    const path = collectionPath(manifest, this.namespace)
    try {
      await this.plane.api.request('POST', path, manifest)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error
      if (manifest['kind'] !== 'Service')
        await this.plane.api.request(
          'PATCH',
          `${path}/${manifest['metadata'].name}`,
          manifest,
          'application/merge-patch+json',
        )
    }
  }

  /** Applies a version of members, dependencies first, and waits for nothing. @throws ApiError */
  async deploy(
    version: string,
    {
      wiring = 'next',
      members = this.members,
    }: { readonly wiring?: Wiring; readonly members?: readonly string[] } = {},
  ): Promise<void> {
    for (const member of this.world.filter(({ name }) => members.includes(name))) {
      for (const manifest of manifestsOf(this.world, member, version, wiring, this.namespace))
        await this.apply(manifest)
    }
  }

  /** Deploys the first version and waits until users can be on it. */
  async running(version = '1.0', wiring: Wiring = 'live'): Promise<void> {
    await this.deploy(version, { wiring })
    await this.atRest()
  }

  /** Waits until users can be on every member. */
  async atRest(): Promise<void> {
    await Promise.all(
      this.world.map(async (member) => {
        await this.until(
          'rollouts',
          member.name,
          ({ status, spec }) => status?.phase === 'Healthy' && status.availableReplicas === spec.replicas,
        )
        await this.endpoints(servicesOf(member)[0], (ready) => ready === (member.replicas ?? 2))
      }),
    )
  }

  /** Deploys a version, each member once what it calls stands at its gate: a canary's first pods have users at once. */
  async waiting(version = '2.0', wiring: Wiring = 'next', members = this.members): Promise<void> {
    for (const { name } of this.world.filter((each) => members.includes(each.name))) {
      await this.deploy(version, { wiring, members: [name] })
      await this.atGates([name])
    }
  }

  async atGates(members = this.members): Promise<void> {
    await Promise.all(
      members.map((name) =>
        this.until(
          'rollouts',
          name,
          ({ metadata, status }) =>
            status?.observedGeneration === String(metadata.generation) &&
            status.phase === 'Paused' &&
            status.stableRS !== status.currentPodHash,
        ),
      ),
    )
  }

  until(collection: Collection, name: string, predicate: (object: KubeObject) => unknown): Promise<KubeObject> {
    return waitFor(this.plane, collection, this.namespace, name, predicate, PATIENCE)
  }

  /** Waits until a Service has so many ready endpoints. */
  async endpoints(service: string, predicate: (ready: number) => boolean): Promise<void> {
    const path = `${pathOf('endpointslices', this.namespace)}?labelSelector=kubernetes.io/service-name=${service}`
    const ready = (slices: readonly KubeObject[]): number =>
      slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).length
    await watchUntil(this.plane.api, path, (slices) => predicate(ready(slices)), PATIENCE)
  }

  get(collection: Collection, name: string): Promise<KubeObject> {
    return this.plane.api.get(`${pathOf(collection, this.namespace)}/${name}`)
  }

  async list(collection: Collection, labels = ''): Promise<readonly KubeObject[]> {
    return (
      await this.plane.api.get(`${pathOf(collection, this.namespace)}?labelSelector=${encodeURIComponent(labels)}`)
    ).items
  }

  /** Our own plugin, for this group. */
  plugin(verb: string, ...args: readonly string[]): Promise<Finished> {
    return runPlugin(this.plane, [verb, GROUP, '-n', this.namespace, ...args], { kubeconfig: this.kubeconfig })
  }

  /** Our own plugin watches the group: what it prints, line by line, until nobody reads on. */
  async *watching(): AsyncGenerator<string> {
    const child = spawn(pluginPath, ['get-group', GROUP, '-n', this.namespace, '-w', '-o', 'ndjson'], {
      env: { ...process.env, ...environmentOf(this.plane, this.kubeconfig) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      yield* createInterface({ input: child.stdout })
    } finally {
      child.kill()
    }
  }

  /** Our own plugin writes, as in a pipeline. */
  write(verb: WritingVerb, ...args: readonly string[]): Promise<Finished> {
    return this.plugin(verb, '--yes', '--timeout=5m', ...args)
  }

  /** It writes, and comes to the end. */
  async succeeds(verb: WritingVerb, ...args: readonly string[]): Promise<Finished> {
    const run = await this.write(verb, ...args)
    assert.equal(run.code, 0, said(run))
    return run
  }

  /** Argo Rollouts' own plugin. */
  async official(...args: readonly string[]): Promise<void> {
    const run = await runOfficialPlugin(this.plane, ['-n', this.namespace, ...args])
    assert.equal(run.code, 0, said(run))
  }

  /** The version users of each member are on, by the ReplicaSet its live Service selects. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    const [services, sets] = await Promise.all([this.list('services'), this.list('replicasets')])
    return Object.fromEntries(
      this.world.map((member) => {
        const hash = services.find(({ metadata }) => metadata.name === servicesOf(member)[0])?.['spec'].selector[
          'rollouts-pod-template-hash'
        ]
        const set = sets.find(({ metadata }) => metadata.labels?.['rollouts-pod-template-hash'] === hash)
        return [member.name, set?.['spec'].template.metadata.labels.version]
      }),
    )
  }

  /** Every member's users are on this version. */
  async isOn(version: string): Promise<void> {
    assert.deepEqual(await this.versions(), Object.fromEntries(this.members.map((name) => [name, version])))
  }

  /** Our writes to Rollouts so far, as `rollouts/status frontend`, in their order; those that were refused, too. */
  async writes(): Promise<readonly string[]> {
    const all = await requestsOf(this.plane, {
      namespace: this.namespace,
      userAgent: 'kubectl-rollouts',
      verbs: ['patch', 'update'],
    })
    return all
      .filter(({ resource }) => resource.startsWith('rollouts'))
      .map(({ resource, name }) => `${resource} ${name}`)
  }

  /** Pods of a member in a version. */
  pods(member: string, version: string): Promise<readonly KubeObject[]> {
    return this.list('pods', `app=${member},version=${version}`)
  }

  /** Makes a running pod unready, or ready again; the simulated kubelets leave it so. */
  async setReady({ metadata }: KubeObject, ready: boolean): Promise<void> {
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({
      type,
      status: ready ? 'True' : 'False',
      reason: ready ? '' : 'Broken',
    }))
    const patch = [{ op: 'add', path: '/status/conditions', value: conditions }]
    await this.plane.api.request(
      'PATCH',
      `${pathOf('pods', this.namespace)}/${metadata.name}/status`,
      patch,
      'application/json-patch+json',
    )
  }

  /** Starts to watch requests from outside. */
  async probe(): Promise<Probe> {
    const services = this.world.flatMap((member) => servicesOf(member))
    const prober = await startProber(this.plane, {
      namespace: this.namespace,
      entryService: entryOf(this.world),
      aliases: new Map(services.map((each) => [aliasOf(each), each])),
    })
    const end = async (verdict: (report: Report) => string, kind?: 'control'): Promise<Report> => {
      const report = await prober.stop()
      note(this.name, report, verdict(report), kind)
      if (kind === 'control' && !isClean(report)) assert.ok(shows(report), `the log shows nothing of ${this.name}`)
      return report
    }
    return {
      end: (verdict) => end(() => verdict, 'control'),
      clean: async () => {
        const report = await end((each) => (isClean(each) ? 'clean' : 'MISSED'))
        assert.ok(isClean(report), `${this.name}: ${JSON.stringify([report.timeline, report.logged])}`)
        assert.ok(report.samples > report.blind, `${report.samples} samples, ${report.blind} blind`)
      },
    }
  }
}

function isClean({ mixed, empty, mixedOld, emptyOld }: Report): boolean {
  return mixed + empty + mixedOld + emptyOld === 0
}

/** What the prober has seen the log of the watches must show, where there is one. */
function shows({ logged }: Report): boolean {
  return logged === undefined || KINDS.some((kind) => logged[kind] > 0)
}

/** What a run has said, for the message of a check. */
export function said({ code, stdout, stderr }: Finished): string {
  return `exit code ${code}\n${stdout}\n${stderr}`
}
