import type { KubeObject } from '../controlplane/api.ts'
import type { Followed } from './follow.ts'
import { mountedLabelsOf, serviceIn, variablesOf } from './pod-environment.ts'

/** The variables of a pod's processes. */
export type Variables = Readonly<Record<string, string>>

/** The version a pod answers with; undefined for what belongs to no release. */
export type VersionOf = (pod: KubeObject, variables: Variables) => string | undefined

/** Objects as they are known. */
export type Known = Pick<Followed, 'objects' | 'connected'>

/** Everything a request may meet that starts at one pod. */
export interface Walk {
  /** By version, one path on which it is met. */
  readonly versions: ReadonlyMap<string, string>
  /** Paths that end at a Service without a ready endpoint, or at a pod that has lost the addresses it had. */
  readonly deadEnds: readonly string[]
}

/**
 * Something a walk needs is not known: a pod or a ConfigMap that another watch has not told of yet, or the server is
 * away.
 */
export class Blind extends Error {
  override readonly name = 'Blind'
}

/**
 * Walks a namespace the way requests do: from pod to Service by its environment, from Service to every pod that is
 * ready there.
 */
export class Walker {
  readonly #namespace: string
  readonly #slices: Known
  readonly #pods: Known
  readonly #configMaps: Known
  readonly #versionOf: VersionOf
  readonly #aliases: ReadonlyMap<string, string>
  /** By uid: a process keeps the variables it was started with. */
  readonly #variables = new Map<string, Variables>()
  /** Services seen, also those that are gone, and pods that have addressed one. */
  readonly #services = new Set<string>()
  readonly #consumers = new Set<string>()

  constructor(
    namespace: string,
    slices: Known,
    pods: Known,
    configMaps: Known,
    versionOf: VersionOf,
    aliases: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#namespace = namespace
    this.#slices = slices
    this.#pods = pods
    this.#configMaps = configMaps
    this.#versionOf = versionOf
    this.#aliases = aliases
  }

  /** All pods known, those that terminate included. */
  get pods(): readonly KubeObject[] {
    return [...this.#pods.objects.values()]
  }

  /** The pods that are ready endpoints of a Service. @throws Blind */
  readyPods(service: string): KubeObject[] {
    if (![this.#slices, this.#pods, this.#configMaps].every(({ connected }) => connected))
      throw new Blind('the API server is away')
    const ready = new Set<string>()
    for (const { metadata, endpoints } of this.#slices.objects.values()) {
      const of = metadata.labels?.['kubernetes.io/service-name']
      if (of) this.#services.add(of)
      if (of !== service) continue
      for (const { conditions, targetRef } of endpoints ?? []) if (conditions.ready) ready.add(targetRef.name)
    }
    return [...ready].flatMap((name) => this.podNamed(name) ?? [])
  }

  /** A pod that a Service leads to; undefined: nobody is there. @throws Blind */
  podNamed(name: string): KubeObject | undefined {
    const pod = this.#pods.objects.get(name)
    if (!pod) throw new Blind(`no pod ${name} yet`)
    return pod
  }

  /** Whether who calls a Service may find nobody. */
  isEmpty(_service: string, ready: readonly KubeObject[]): boolean {
    return ready.length === 0
  }

  /** @throws Blind */
  walk(source: KubeObject): Walk {
    const versions = new Map<string, string>()
    const deadEnds: string[] = []
    const seen = new Set<string>()
    const visit = (pod: KubeObject, path: string): void => {
      const uid = pod.metadata.uid ?? ''
      if (seen.has(uid)) return
      seen.add(uid)
      const variables = this.#variablesOf(pod)
      const version = this.#versionOf(pod, variables)
      const here = `${path}${pod.metadata.name}${version === undefined ? '' : ` (${version})`}`
      if (version !== undefined && !versions.has(version)) versions.set(version, here)
      const services = this.#servicesOf(pod, variables)
      if (services.length > 0) this.#consumers.add(uid)
      else if (this.#consumers.has(uid)) deadEnds.push(`${here} → (address lost)`)
      for (const service of services) {
        const ready = this.readyPods(service)
        if (this.isEmpty(service, ready)) deadEnds.push(`${here} → ${service} (empty)`)
        for (const next of ready) visit(next, `${here} → ${service} → `)
      }
    }
    visit(source, '')
    return { versions, deadEnds }
  }

  #variablesOf(pod: KubeObject): Variables {
    const uid = pod.metadata.uid ?? ''
    const variables = this.#variables.get(uid) ?? variablesOf(pod, (name) => this.#configMaps.objects.get(name))
    if (!variables) throw new Blind(`a ConfigMap of pod ${pod.metadata.name} is not known`)
    this.#variables.set(uid, variables)
    return variables
  }

  #servicesOf(pod: KubeObject, variables: Variables): string[] {
    const words = pod['spec'].containers
      .flatMap(({ command = [], args = [] }: any) => [...command, ...args])
      .flatMap((text: string) => text.split(/[\s,=]+/))
    const named = [...Object.values(variables), ...mountedLabelsOf(pod), ...words].map((text) => {
      const name = serviceIn(text, this.#namespace)
      return name === undefined ? undefined : (this.#aliases.get(name) ?? name)
    })
    return [...new Set(named)].filter((name) => name !== undefined && this.#services.has(name)) as string[]
  }
}
