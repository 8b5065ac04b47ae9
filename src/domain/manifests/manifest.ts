import { at, text } from '../objects/fields.ts'

/** One Kubernetes object that somebody is about to apply. */
export interface Manifest {
  /** As it was read; nothing changes it. */
  readonly object: unknown
  /** Where a person finds it: `deploy/backend.yaml:12`. */
  readonly where: string
  readonly apiVersion: string
  readonly kind: string
  /** Empty where the API server is to make one (`generateName`). */
  readonly name: string
  /** Undefined where it is left to whoever applies it. */
  readonly namespace: string | undefined
}

/** Parses one object, or says why it is none. */
export function parseManifest(object: unknown, where: string): Manifest | { readonly why: string } {
  const apiVersion = text(at(object, 'apiVersion')) ?? ''
  const kind = text(at(object, 'kind')) ?? ''
  const name = text(at(object, 'metadata', 'name')) ?? ''
  const missing = [
    ...(apiVersion === '' ? ['apiVersion'] : []),
    ...(kind === '' ? ['kind'] : []),
    ...(name === '' && text(at(object, 'metadata', 'generateName')) === undefined ? ['metadata.name'] : []),
  ]
  if (missing.length > 0) return { why: `it has no ${missing.join(' and no ')}` }
  const namespace = text(at(object, 'metadata', 'namespace'))
  return { object, where, apiVersion, kind, name, namespace: namespace === '' ? undefined : namespace }
}

/** `Rollout my-frontend`, for people. */
export function manifestName({ kind, name }: Manifest): string {
  return name === '' ? kind : `${kind} ${name}`
}
