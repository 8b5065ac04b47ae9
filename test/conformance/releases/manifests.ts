/** A manifest, as a person would apply it. */
export type Manifest = Readonly<Record<string, any>>

/** A member of a group, and how its next release reaches those it calls. */
export interface MemberSpec {
  readonly name: string
  /** Names of the members it calls. */
  readonly calls?: readonly string[]
  /** It calls them by other names of their Services (type ExternalName). */
  readonly byAlias?: true
  /** Default: blue/green. */
  readonly kind?: 'blueGreen' | 'canary'
  readonly replicas?: number
  /** Merged into the strategy. */
  readonly strategy?: Manifest
  /** Merged into the Rollout's spec. */
  readonly spec?: Manifest
  /** Annotations of the Rollout. */
  readonly annotations?: Readonly<Record<string, string>>
  /** By version, or for all: how pods behave (test/controlplane/stages.yaml). */
  readonly pods?: Readonly<Record<string, string>> | ((version: string) => Readonly<Record<string, string>>)
}

/** Members, dependencies first; the last one is where users come in. */
export type World = readonly MemberSpec[]

/** What the live, and what the next consumer calls: a Service by its role, or one of the release alone. */
export type Wiring = 'live' | 'next' | 'pinned'

export const GROUP = 'shop'

const ROLES = { blueGreen: ['active', 'preview'], canary: ['stable', 'canary'] } as const

/** The Services of a member: where users or consumers come in, then the one for what waits. */
export function servicesOf({ name, kind = 'blueGreen' }: MemberSpec): readonly [live: string, next: string] {
  const [live, next] = ROLES[kind]
  return [`${name}-${live}`, `${name}-${next}`]
}

/** The Service users come in by: of a canary one over all of its pods. */
export function entryOf(world: World): string {
  const entry = world.at(-1)!
  return entry.kind === 'canary' ? entry.name : servicesOf(entry)[0]
}

/** A Service of a member's pods; of one version alone, where that is given. */
function service(name: string, app: string, version?: string): Manifest {
  const selector = { app, ...(version !== undefined && { version }) }
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector, ports: [{ port: 8080 }] } }
}

const pinned = (name: string, version: string): string => `${name}-v${version.replace('.', '-')}`

/** The name that stands for a Service where it is called by an alias. */
export const aliasOf = (service: string): string => `${service}-alias`

/** The namespace must be known to an alias. */
function alias(service: string, namespace: string): Manifest {
  const externalName = `${service}.${namespace}.svc.cluster.local`
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: aliasOf(service) },
    spec: { type: 'ExternalName', externalName },
  }
}

/** Everything that is applied to bring a member to a version. */
export function manifestsOf(
  world: World,
  member: MemberSpec,
  version: string,
  wiring: Wiring,
  namespace: string,
): readonly Manifest[] {
  const { name, calls = [], kind = 'blueGreen', byAlias = false } = member
  const addressOf = (callee: string): string => {
    const [live, next] = servicesOf(world.find((each) => each.name === callee)!)
    return { live, next, pinned: pinned(callee, version) }[wiring]
  }
  const data = {
    APP_VERSION: version,
    ...Object.fromEntries(
      calls.map((callee) => [`${callee.toUpperCase()}_HOST`, byAlias ? aliasOf(addressOf(callee)) : addressOf(callee)]),
    ),
  }
  const config = `${name}-settings-${version.replace('.', '-')}`
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config }, data },
    ...[...servicesOf(member), ...(kind === 'canary' ? [name] : [])].map((each) => service(each, name)),
    ...(wiring === 'pinned' ? [service(pinned(name, version), name, version)] : []),
    ...(byAlias ? calls.map((callee) => alias(addressOf(callee), namespace)) : []),
    rollout(member, version, config),
  ]
}

function rollout(member: MemberSpec, version: string, config: string): Manifest {
  const { name, kind = 'blueGreen', replicas = 2, annotations = {}, pods = {}, spec } = member
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, labels: { 'app.kubernetes.io/part-of': GROUP }, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy: { [kind]: strategyOf(member) },
      template: {
        metadata: { labels: { app: name, version }, annotations: typeof pods === 'function' ? pods(version) : pods },
        spec: {
          containers: [
            {
              name,
              image: 'kostiscodefresh/loan:latest',
              ports: [{ containerPort: 8080 }],
              envFrom: [{ configMapRef: { name: config } }],
            },
          ],
        },
      },
      ...spec,
    },
  }
}

/** Old pods stay for two seconds; a canary never goes below its replicas. */
function strategyOf(member: MemberSpec): Manifest {
  const [live, next] = servicesOf(member)
  return member.kind === 'canary'
    ? {
        stableService: live,
        canaryService: next,
        maxUnavailable: 0,
        steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }],
        ...member.strategy,
      }
    : {
        activeService: live,
        previewService: next,
        autoPromotionEnabled: false,
        scaleDownDelaySeconds: 2,
        abortScaleDownDelaySeconds: 2,
        ...member.strategy,
      }
}

/** An analysis by a Job: its pods end with this code, half a second after `initialDelay`. */
export function analysis(name: string, exit: 0 | 1, initialDelay = '0s'): Manifest {
  const annotations = { 'pod-complete.stage.kwok.x-k8s.io/exit': String(exit) }
  const template = { metadata: { annotations }, spec: { restartPolicy: 'Never', containers: [{ name, image: name }] } }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name },
    spec: { metrics: [{ name, initialDelay, provider: { job: { spec: { backoffLimit: 0, template } } } }] },
  }
}

/** The collection a manifest is created in. */
export function collectionPath({ apiVersion, kind }: Manifest, namespace: string): string {
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}s`
}
