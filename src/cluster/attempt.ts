import type { Resource } from './port.ts'
import { qualified } from './resources.ts'

/** What a request tries, for the sentence of its failure; the verb is the API's own (RBAC's). */
export interface Attempt {
  readonly verb: 'list' | 'watch' | 'get' | 'patch' | 'create' | 'update' | 'delete'
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name?: string | undefined
  readonly subresource?: 'status' | 'portforward' | 'log' | undefined
  /** An object of any kind, which is none of the resources: as a person calls it, and as kubectl takes it. */
  readonly of?: { readonly kind: string; readonly qualified?: string } | undefined
}

/** E.g. `list rollouts in namespace legacy`, `patch status of rollout/my-backend in legacy`. */
export function describe({ verb, resource, namespace, name, subresource, of }: Attempt): string {
  if (verb === 'list' || verb === 'watch')
    return `${verb} ${resource} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`
  const kind = of?.kind ?? resource.slice(0, -1)
  const object = name === undefined ? kind : `${kind}/${name}`
  const part = subresource === undefined ? '' : `${subresource} of `
  return `${verb} ${part}${object}${namespace === undefined ? '' : ` in ${namespace}`}`
}

/** The question kubectl answers about a forbidden attempt. */
export function canI({ verb, resource, namespace, name, subresource, of }: Attempt): string {
  const plural = of?.qualified ?? qualified(resource)
  const object = name === undefined || verb === 'create' ? plural : `${plural}/${name}`
  const scope = namespace === undefined ? ' --all-namespaces' : ` -n ${namespace}`
  return (
    `kubectl auth can-i ${verb} ` +
    `${object}${subresource === undefined ? '' : ` --subresource=${subresource}`}${scope}`
  )
}
