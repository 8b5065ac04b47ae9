import type { KubeObject } from '../../controlplane/api.ts'
import { ApiError } from '../../controlplane/api.ts'
import { watchUntil } from '../../controlplane/watch-until.ts'
import { manifestPath } from '../lifecycle/manifests.ts'
import { plane } from '../plane.ts'
import { freshNamespace, pathOf } from '../support.ts'
import type { Source } from './manifests.ts'
import { record, type Recording } from './recording.ts'

export const GROUP = 'argo'

/** A manifest's namespace at one time. */
export interface Look {
  readonly title: string
  readonly namespace: string
  readonly recording: Recording
}

/** Milliseconds after which a Rollout that still moves is looked at as it is. */
const PATIENCE = 8_000

/**
 * Applies a manifest, then a second template, and looks four times: as soon as each is known, and when the Rollout
 * stands still. Nothing where the API server refuses the Rollout.
 */
export async function looksAt({ where, objects }: Source): Promise<readonly Look[]> {
  const namespace = await freshNamespace(plane(), 'argo')
  const looks: Look[] = []
  const look = async (when: string): Promise<void> => {
    looks.push({ title: `${where}, ${when}`, namespace, recording: await record(plane().api, namespace) })
  }
  const seen = (predicate: (rollout: KubeObject) => unknown): Promise<KubeObject | undefined> =>
    watchUntil(plane().api, pathOf('rollouts', namespace), (all) => all.find(predicate), PATIENCE).catch(
      () => undefined,
    )
  try {
    if (!(await create(namespace, objects))) return []
    await seen(({ status }) => status?.phase !== undefined)
    await look('begun')
    await seen(stands)
    await look('at rest')
    const hash = (await deploySecond(namespace, objects))['status']?.currentPodHash
    await seen(({ status }) => status?.currentPodHash !== hash)
    await look('deployed')
    await seen(stands)
    await look('deployed and at rest')
    return looks
  } finally {
    await plane().api.request('DELETE', `/api/v1/namespaces/${namespace}`)
  }
}

const stands = ({ metadata, status }: KubeObject): boolean =>
  status?.observedGeneration === String(metadata.generation) && status.phase !== 'Progressing'

/** Rollouts last; what the plane has no type for, or does not admit, is not there. Whether the Rollout is. */
async function create(namespace: string, objects: readonly KubeObject[]): Promise<boolean> {
  const isRollout = ({ kind }: KubeObject): boolean => kind === 'Rollout'
  let taken = false
  for (const object of [...objects.filter((each) => !isRollout(each)), ...objects.filter(isRollout)]) {
    const { namespace: _elsewhere, ...metadata } = object.metadata
    const labels = { ...metadata.labels, ...(isRollout(object) && { 'app.kubernetes.io/part-of': GROUP }) }
    try {
      await plane().api.request('POST', manifestPath(object, namespace), {
        ...object,
        metadata: { ...metadata, labels },
      })
      taken = isRollout(object)
    } catch (error) {
      if (!(error instanceof ApiError) || ![400, 404, 409, 422].includes(error.status)) throw error
    }
  }
  return taken
}

/** Changes the template, or that of the Deployment that is referred to; gives the Rollout as it was then. */
async function deploySecond(namespace: string, objects: readonly KubeObject[]): Promise<KubeObject> {
  const rollout = objects.find(({ kind }) => kind === 'Rollout')!
  const ref = rollout['spec'].workloadRef
  const path =
    ref === undefined
      ? `${pathOf('rollouts', namespace)}/${rollout.metadata.name}`
      : `${pathOf('deployments', namespace)}/${ref.name}`
  const before = await plane().api.get(`${pathOf('rollouts', namespace)}/${rollout.metadata.name}`)
  const spec = { template: { metadata: { annotations: { release: 'second' } } } }
  try {
    await plane().api.request('PATCH', path, { spec }, 'application/merge-patch+json')
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
  }
  return before
}
