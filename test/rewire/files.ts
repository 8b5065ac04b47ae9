/** Manifests of small groups, and clusters in which they are live, for tests of rewiring. */

import { readGroup } from '../../src/domain/group/read-group.ts'
import { edited } from '../../src/domain/manifests/edit.ts'
import type { Manifest } from '../../src/domain/manifests/manifest.ts'
import { lackingLabel } from '../../src/domain/group/membership.ts'
import { at, fields, text } from '../../src/domain/objects/fields.ts'
import { HASH_LABEL, REVISION } from '../../src/domain/objects/labels.ts'
import type { KnownCluster, Surrounding } from '../../src/domain/rewire/reading.ts'
import { type Rewired, rewire, type Rewiring } from '../../src/domain/rewire/rewire.ts'
import { parseManifests } from '../../src/manifests/parse.ts'

export const GROUP = 'shop'

/** A Rollout with its active and preview Services; `container` is YAML of one line. */
export function member(name: string, container = '', version = '2.0', more = ''): string {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: ${name}
  labels: {app.kubernetes.io/part-of: ${GROUP}}
spec:
  selector: {matchLabels: {app: ${name}}}
  strategy: {blueGreen: {activeService: ${name}-active, previewService: ${name}-preview, autoPromotionEnabled: false}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - {name: main, image: "shop/${name}:${version}"${container === '' ? '' : `, ${container}`}}
${more}
---${service(`${name}-active`, name)}---${service(`${name}-preview`, name)}`
}

export function service(name: string, app: string, more = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${app}}
  ports: [{port: 80}]
${more}
`
}

export function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return `\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })}\n`
}

export function manifestsOf(...yaml: readonly string[]): Manifest[] {
  return parseManifests(yaml.join('---'), 'shop.yaml').flatMap((each) => each.held.map(({ manifest }) => manifest))
}

export function around(cluster?: KnownCluster): Surrounding {
  const belongs = (rollout: unknown) => !lackingLabel(rollout, new Map([['app.kubernetes.io/part-of', GROUP]]))
  return { group: GROUP, namespace: 'shop', belongs, cluster }
}

/** What becomes of manifests, pinned unless it is said how. */
export function rewired(yaml: readonly string[], how: Partial<Rewiring> = {}, cluster?: KnownCluster): Rewired {
  return rewire(manifestsOf(...yaml), around(cluster), { wiring: 'pinned', ...how })
}

/** An object of what becomes of manifests. */
export function objectOf({ objects }: Pick<Rewired, 'objects'>, kind: string, name: string): unknown {
  return objects.find((each) => at(each, 'kind') === kind && at(each, 'metadata', 'name') === name)
}

/** A container of a Rollout. */
export function containerOf(result: Pick<Rewired, 'objects'>, name: string): unknown {
  const containers = at(objectOf(result, 'Rollout', name), 'spec', 'template', 'spec', 'containers')
  return (containers as unknown[])[0]
}

/** Codes of the findings that refuse, each with its sentence. */
export function refusals({ findings }: Rewired): string[] {
  return findings.filter((each) => each.severity === 'error').map((each) => `${each.code}: ${each.sentence}`)
}

/** A cluster in which objects are live; the earlier ones of a Rollout are its history. */
export function clusterWith(...releases: readonly (readonly unknown[])[]): KnownCluster {
  const isRollout = (each: unknown) => at(each, 'kind') === 'Rollout'
  const sets = releases.flatMap((objects, index) =>
    objects.filter(isRollout).map((each) => {
      const name = text(at(each, 'metadata', 'name'))!
      const template = edited(at(each, 'spec', 'template'), [
        { path: ['metadata', 'labels', HASH_LABEL], to: `h${index + 1}` },
      ])
      return {
        metadata: {
          name: `${name}-h${index + 1}`,
          labels: { [HASH_LABEL]: `h${index + 1}` },
          annotations: { [REVISION]: String(index + 1) },
          ownerReferences: [{ controller: true, kind: 'Rollout', name, uid: name }],
        },
        spec: { replicas: index === releases.length - 1 ? 1 : 0, template },
        status: { replicas: index === releases.length - 1 ? 1 : 0 },
      }
    }),
  )
  const hash = `h${releases.length}`
  const all = new Map(
    releases.flat().map((each) => [`${text(at(each, 'kind'))} ${text(at(each, 'metadata', 'name'))}`, each]),
  )
  const kind = (wanted: string) => [...all.values()].filter((each) => at(each, 'kind') === wanted)
  const snapshot = {
    namespace: 'shop',
    rollouts: kind('Rollout').map((each) => ({
      ...fields(each),
      metadata: {
        ...fields(at(each, 'metadata')),
        uid: at(each, 'metadata', 'name'),
        namespace: 'shop',
        generation: 1,
      },
      status: { currentPodHash: hash, stableRS: hash, observedGeneration: '1' },
    })),
    replicaSets: sets,
    services: kind('Service').map((each) =>
      /-(active|preview)$/.test(text(at(each, 'metadata', 'name'))!)
        ? edited(each, [{ path: ['spec', 'selector', HASH_LABEL], to: hash }])
        : each,
    ),
    endpointSlices: [],
    configs: new Map(),
    unreadable: [],
  }
  return { snapshot, group: readGroup(snapshot, GROUP), configMaps: kind('ConfigMap') }
}
