import { about, ApiFailure, type KubeObject, type ResourceName } from './objects.ts'

/** What is there already. */
type Held = Readonly<{
  all(resource: ResourceName): Iterable<KubeObject>
  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined
}>

/**
 * What the API server's admission says of an object that shall be created: of pods, quotas and the pod security of
 * their namespace (Kubernetes, "Resource Quotas" and "Pod Security Admission").
 * @throws ApiFailure 403
 */
export function admit(
  resource: ResourceName,
  namespace: string | undefined,
  name: string,
  object: any,
  store: Held,
): void {
  if (resource !== 'pods' || namespace === undefined) return
  const why = exceeded(namespace, store) ?? insecure(store.get('namespaces', undefined, namespace), object)
  if (why !== undefined)
    throw new ApiFailure(403, 'Forbidden', `pods ${JSON.stringify(name)} is forbidden: ${why}`, about(resource, name))
}

/** Of quotas those on the number of pods, which is the only thing that is counted here. */
function exceeded(namespace: string, store: Held): string | undefined {
  const of = (resource: ResourceName) =>
    [...store.all(resource)].filter(({ metadata }) => metadata.namespace === namespace)
  for (const { metadata, spec } of of('resourcequotas')) {
    const key = ['pods', 'count/pods'].find((each) => spec?.hard?.[each] !== undefined)
    if (key === undefined) continue
    const used = of('pods').filter(
      ({ status }) => key !== 'pods' || (status?.phase !== 'Failed' && status?.phase !== 'Succeeded'),
    ).length
    if (used + 1 > Number(spec.hard[key]))
      return (
        `exceeded quota: ${metadata.name}, requested: ${key}=1, ` +
        `used: ${key}=${used}, limited: ${key}=${spec.hard[key]}`
      )
  }
  return undefined
}

const LEVEL = 'pod-security.kubernetes.io/enforce'

/** The level `restricted`, as far as pods break it that say nothing of security. */
function insecure(namespace: KubeObject | undefined, { spec }: any): string | undefined {
  if (namespace?.metadata.labels?.[LEVEL] !== 'restricted') return undefined
  const containers: readonly any[] = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
  const faults = RESTRICTED.flatMap(({ what, must, holds }) => {
    const names = containers
      .filter((each) => !holds(each.securityContext ?? {}, spec.securityContext ?? {}))
      .map((each) => JSON.stringify(each.name))
    return names.length === 0
      ? []
      : [`${what} (${must(`container${names.length > 1 ? 's' : ''} ${names.join(', ')}`)})`]
  })
  return faults.length === 0 ? undefined : `violates PodSecurity "restricted:latest": ${faults.join(', ')}`
}

interface Rule {
  readonly what: string
  readonly must: (who: string) => string
  readonly holds: (container: any, pod: any) => boolean
}

/** Each rule, and what the API server says of who breaks it. */
const RESTRICTED: readonly Rule[] = [
  {
    what: 'allowPrivilegeEscalation != false',
    must: (who) => `${who} must set securityContext.allowPrivilegeEscalation=false`,
    holds: (container) => container.allowPrivilegeEscalation === false,
  },
  {
    what: 'unrestricted capabilities',
    must: (who) => `${who} must set securityContext.capabilities.drop=["ALL"]`,
    holds: (container) => container.capabilities?.drop?.includes('ALL') === true,
  },
  {
    what: 'runAsNonRoot != true',
    must: (who) => `pod or ${who} must set securityContext.runAsNonRoot=true`,
    holds: (container, pod) => (container.runAsNonRoot ?? pod.runAsNonRoot) === true,
  },
  {
    what: 'seccompProfile',
    must: (who) => `pod or ${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    holds: (container, pod) =>
      ['RuntimeDefault', 'Localhost'].includes((container.seccompProfile ?? pod.seccompProfile)?.type),
  },
]
