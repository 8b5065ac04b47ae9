import { at, fields, isEmpty, text } from './fields.ts'
import { HASH_LABEL } from './labels.ts'

/**
 * What tells one pod template from another, whether or not the API server has filled in its defaults: a Rollout's stays
 * as it was written, a ReplicaSet's does not (k8s.io/kubernetes, pkg/apis/core/v1/defaults.go).
 */
export function templateDigest(template: unknown): string {
  const written = canonical(template, [])
  return `${fnv(written, 0x811c9dc5)}${fnv(written, 0x2f0b4c47)}`
}

/** Fields that say what the API server takes for said, by the name under which the object stands that has them. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spec: {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    enableServiceLinks: true,
  },
  containers: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  initContainers: { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  ports: { protocol: 'TCP' },
  livenessProbe: { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 },
  readinessProbe: { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 },
  startupProbe: { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 },
  httpGet: { scheme: 'HTTP', path: '/' },
  grpc: { service: '' },
  fieldRef: { apiVersion: 'v1' },
  configMap: { defaultMode: 420 },
  secret: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  hostPath: { type: '' },
}

/** JSON with sorted keys; what is null or empty is as good as absent. Entries of a list are known by its name. */
function canonical(value: unknown, path: readonly string[]): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each, path)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const name = path.at(-1) ?? ''
  const kept = Object.entries(fields(value)).filter(
    ([key, each]) => !isEmpty(each) && DEFAULTS[name]?.[key] !== each && !isImplied(value, name, key, each),
  )
  return `{${kept
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each, [...path, key])}`)
    .join(',')}}`
}

/** What follows from another field, or is the controller's. */
function isImplied(object: unknown, name: string, key: string, value: unknown): boolean {
  switch (key) {
    case 'imagePullPolicy':
      return value === pullPolicy(text(at(object, 'image')) ?? '')
    case 'serviceAccount':
      return value === at(object, 'serviceAccountName')
    case HASH_LABEL:
      return name === 'labels'
    case 'creationTimestamp':
      return name === 'metadata'
    default:
      return false
  }
}

function pullPolicy(image: string): string {
  const [, tag = image.includes('@') ? 'pinned' : 'latest'] = /:([^:/@]+)$/.exec(image) ?? []
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

/** FNV-1a, 32 bits, as hexadecimal digits. */
function fnv(written: string, basis: number): string {
  let hash = basis
  for (let index = 0; index < written.length; index++) hash = Math.imul(hash ^ written.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
