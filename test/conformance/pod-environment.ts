import type { KubeObject } from '../controlplane/api.ts'

/** The ConfigMap of a name, or undefined where nobody has seen it yet. */
export type ConfigMapNamed = (name: string) => KubeObject | undefined

/**
 * What the processes of a pod see: the variables of all its containers, fixed when it starts. Undefined: a ConfigMap is
 * not there yet.
 */
export function variablesOf(pod: KubeObject, configMap: ConfigMapNamed): Readonly<Record<string, string>> | undefined {
  const variables: Record<string, string> = {}
  for (const { env = [], envFrom = [] } of pod['spec'].containers) {
    for (const { prefix = '', configMapRef } of envFrom) {
      if (!configMapRef) continue
      const map = configMap(configMapRef.name)
      if (!map) return undefined
      for (const [key, value] of Object.entries<string>(map['data'] ?? {})) variables[prefix + key] = value
    }
    for (const { name, value, valueFrom } of env) {
      if (value !== undefined) variables[name] = value
      const { configMapKeyRef, fieldRef } = valueFrom ?? {}
      if (configMapKeyRef) {
        const map = configMap(configMapKeyRef.name)
        if (!map) return undefined
        variables[name] = map['data']?.[configMapKeyRef.key] ?? ''
      }
      const [, label] = /^metadata\.labels\['(.+)'\]$/.exec(fieldRef?.fieldPath ?? '') ?? []
      if (label) variables[name] = pod.metadata.labels?.[label] ?? ''
    }
  }
  return variables
}

/** What a downwardAPI volume shows of the pod's labels: they change under the running pod. */
export function mountedLabelsOf(pod: KubeObject): readonly string[] {
  const files = (pod['spec'].volumes ?? []).flatMap(({ downwardAPI }: any) => downwardAPI?.items ?? [])
  return files.some(({ fieldRef }: any) => fieldRef?.fieldPath === 'metadata.labels')
    ? Object.values(pod.metadata.labels ?? {})
    : []
}

/** The Service a text addresses in a namespace: `name`, `name.ns`, `name.ns.svc…`, bare, with a port, or in a URL. */
export function serviceIn(text: string, namespace: string): string | undefined {
  const host = text
    .replace(/^["']|["']$/g, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[:/?].*$/s, '')
  const [name, ns = namespace, svc = 'svc'] = host.split('.')
  return ns === namespace && svc === 'svc' ? name : undefined
}
