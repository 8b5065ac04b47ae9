import { homedir } from 'node:os'
import { openCluster } from '../../../src/cluster/kube.ts'
import type { Api } from '../../controlplane/api.ts'
import { Chronicle } from './chronicle.ts'
import { Scene } from './scene.ts'

/** One behaviour of the controllers: what is done in a namespace, and what must follow. */
export type Case = (scene: Scene) => Promise<void>

/** Where cases are played. */
export interface Lab {
  /** Plays a case in a namespace of its own. @throws what the case throws */
  play(played: Case): Promise<void>
  close(): Promise<void>
}

/**
 * A lab on the cluster a kubeconfig names, seen through the adapter; `api` is a client of the same cluster. @throws
 * ClusterError
 */
export async function openLab(kubeconfig: string, api: Api): Promise<Lab> {
  const cluster = await openCluster({ kubeconfig, env: {}, homedir: homedir() })
  const done = new AbortController()
  const chronicle = await Chronicle.open(cluster, done.signal)
  return {
    play: async (played) => played(await Scene.open({ cluster, api, chronicle })),
    async close() {
      done.abort()
      await cluster.close()
    },
  }
}
