import { at, list, text } from './fields.ts'

/**
 * The hosts by which an object of a mesh, a gateway or a network policy names Services: what it says holds for calls by
 * these alone.
 */
interface HostRule {
  /** A part of the apiVersion: others have kinds of the same name. */
  readonly api: RegExp
  readonly hosts: (object: unknown) => readonly unknown[]
  /** What it does to calls by such a host, as a sentence goes on after its name. */
  readonly does: string
}

/**
 * By kind (istio.io/latest/docs/reference/config, gateway-api.sigs.k8s.io GAMMA, docs.cilium.io EndpointSelector,
 * linkerd.io ServiceProfile, smi-spec.io TrafficSplit).
 */
const RULES: Readonly<Record<string, HostRule>> = {
  VirtualService: { api: /istio\.io/, hosts: (it) => list(at(it, 'spec', 'hosts')), does: 'routes' },
  DestinationRule: { api: /istio\.io/, hosts: (it) => [at(it, 'spec', 'host')], does: 'says how to make' },
  ServiceEntry: { api: /istio\.io/, hosts: (it) => list(at(it, 'spec', 'hosts')), does: 'routes' },
  AuthorizationPolicy: {
    api: /istio\.io/,
    hosts: (it) =>
      list(at(it, 'spec', 'rules'))
        .flatMap((rule) => list(at(rule, 'to')))
        .flatMap((to) => ['hosts', 'notHosts'].flatMap((key) => list(at(to, 'operation', key)))),
    does: 'allows or denies',
  },
  HTTPRoute: { api: /gateway\.networking/, hosts: parents, does: 'routes' },
  GRPCRoute: { api: /gateway\.networking/, hosts: parents, does: 'routes' },
  TCPRoute: { api: /gateway\.networking/, hosts: parents, does: 'routes' },
  TLSRoute: { api: /gateway\.networking/, hosts: parents, does: 'routes' },
  CiliumNetworkPolicy: { api: /cilium/, hosts: toServices, does: 'allows or denies' },
  CiliumClusterwideNetworkPolicy: { api: /cilium/, hosts: toServices, does: 'allows or denies' },
  ServiceProfile: { api: /linkerd/, hosts: (it) => [at(it, 'metadata', 'name')], does: 'routes' },
  TrafficSplit: { api: /smi-spec/, hosts: (it) => [at(it, 'spec', 'service')], does: 'routes' },
}

/** Routes of a mesh hang on the Service that is called (GAMMA). */
function parents(route: unknown): readonly unknown[] {
  return list(at(route, 'spec', 'parentRefs')).flatMap((each) =>
    at(each, 'kind') === 'Service' ? [at(each, 'name')] : [],
  )
}

function toServices(policy: unknown): readonly unknown[] {
  return [at(policy, 'spec'), ...list(at(policy, 'specs'))]
    .flatMap((spec) => ['egress', 'egressDeny'].flatMap((key) => list(at(spec, key))))
    .flatMap((rule) => list(at(rule, 'toServices')))
    .map((each) => at(each, 'k8sService', 'serviceName'))
}

/**
 * What an object does to calls of a Service by its host: `VirtualService orders routes`; undefined where it is about
 * others.
 * @param serviceIn the Service of the group's namespace that a host names
 */
export function ruleFor(
  object: unknown,
  service: string,
  serviceIn: (host: string) => string | undefined,
): string | undefined {
  const kind = text(at(object, 'kind')) ?? ''
  const rule = Object.hasOwn(RULES, kind) ? RULES[kind]! : undefined
  if (rule === undefined || !rule.api.test(text(at(object, 'apiVersion')) ?? '')) return undefined
  // Istio and policies may name a port after the host.
  const hosts = rule.hosts(object).flatMap((each) => text(each)?.replace(/:\d+$/, '') ?? [])
  return hosts.some((each) => serviceIn(each) === service)
    ? `${kind} ${text(at(object, 'metadata', 'name')) ?? ''} ${rule.does}`
    : undefined
}
