import { at, fields, strings, text } from '../objects/fields.ts'
import { CONFIG_OF, HASH_LABEL, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { canonical } from '../objects/canonical.ts'
import { copyName } from '../objects/release-names.ts'

/** Labels by which somebody owns or tracks an object: Helm, Argo CD, Flux, Argo Rollouts. */
const BELONGS =
  /^(app\.kubernetes\.io\/(managed-by|instance)$|helm\.sh\/|[\w.-]*fluxcd\.io\/|([\w.-]+\.)?argocd\.argoproj\.io\/|argo-rollouts\.argoproj\.io\/)/

/**
 * Annotations without a domain, which are people's own, and those that say how calls in the cluster are carried, and
 * when an object comes. By others somebody acts on it from outside (a load balancer, a DNS name, a gateway, who scrapes
 * metrics), or owns it: a copy is none of theirs.
 */
const HOLDS =
  /^([^/]*$|service\.kubernetes\.io\/topology|service\.alpha\.kubernetes\.io\/tolerate|networking\.istio\.io\/|(config|balancer)\.linkerd\.io\/|(service|io)\.cilium(\.io)?\/|kuma\.io\/|consul\.hashicorp\.com\/|[\w.-]*mesh[\w.-]*\/|argocd\.argoproj\.io\/sync-wave$)/

/** What of a Service is of its own place in the cluster (core/v1, ServiceSpec). */
const OWN_FIELDS = [
  'type',
  'clusterIP',
  'clusterIPs',
  'externalIPs',
  'externalName',
  'externalTrafficPolicy',
  'allocateLoadBalancerNodePorts',
  'healthCheckNodePort',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
] as const

/** What a Service of ours selects beside what the one selects that it is made of. */
export type Pin = readonly [label: typeof RELEASE | typeof HASH_LABEL, value: string]

/** A Service that selects the pods of another's which have one label, on the same ports; headless where that is. */
export function pinnedTo(base: unknown, name: string, [label, value]: Pin): unknown {
  const spec = { ...fields(at(base, 'spec')) }
  for (const key of OWN_FIELDS) delete spec[key]
  const { [HASH_LABEL]: _, ...selector } = fields(at(base, 'spec', 'selector'))
  const ports = spec['ports']
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata(base, name, { [SERVICE_OF]: text(at(base, 'metadata', 'name')) ?? '' }),
      labels: { ...labelsOf(base), ...(label === RELEASE && { [RELEASE]: value }) },
    },
    spec: {
      ...spec,
      ...(at(base, 'spec', 'clusterIP') === 'None' && { clusterIP: 'None' }),
      ...(Array.isArray(ports) && { ports: ports.map(withoutNodePort) }),
      selector: { ...selector, [label]: value },
    },
  }
}

function withoutNodePort(port: unknown): unknown {
  const { nodePort: _, ...rest } = fields(port)
  return rest
}

/** A copy of a ConfigMap in which some keys have other contents, under a name that tells it from the others. */
export function copyOf(config: unknown, written: ReadonlyMap<string, string>): unknown {
  const of = text(at(config, 'metadata', 'annotations', CONFIG_OF)) ?? text(at(config, 'metadata', 'name')) ?? ''
  const own = fields(at(config, 'data'))
  const binary = Object.entries(fields(at(config, 'binaryData'))).filter(([key]) => !written.has(key))
  const content = {
    data: { ...own, ...Object.fromEntries(written) },
    ...(binary.length > 0 && { binaryData: Object.fromEntries(binary) }),
  }
  const labels = labelsOf(config)
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadata(config, copyName(of, canonical(content)), { [CONFIG_OF]: of }),
      ...(Object.keys(labels).length > 0 && { labels }),
    },
    ...content,
    immutable: true,
  }
}

function metadata(base: unknown, name: string, own: Readonly<Record<string, string>>) {
  const namespace = text(at(base, 'metadata', 'namespace'))
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    annotations: { ...annotationsOf(base), ...own },
  }
}

/** Without those that it selects pods by: who looks after their Service by them has counted the pods already. */
function labelsOf(object: unknown): Record<string, string> {
  const selector = strings(at(object, 'spec', 'selector'))
  return Object.fromEntries(
    [...strings(at(object, 'metadata', 'labels'))].filter(
      ([key, value]) => !BELONGS.test(key) && key !== RELEASE && selector.get(key) !== value,
    ),
  )
}

function annotationsOf(object: unknown): Record<string, string> {
  return Object.fromEntries([...strings(at(object, 'metadata', 'annotations'))].filter(([key]) => HOLDS.test(key)))
}
