import type { CheckContext } from '../checks/context.ts'
import type { Member } from '../group/member.ts'
import type { Verb } from '../intent.ts'
import type { Scene } from '../trace/requests.ts'
import { beforeDeploy, deployment } from './deployment.ts'
import type { Draft } from './draft.ts'
import { atGates, forward } from './forward.ts'
import { oneAction } from './one-action.ts'
import { wayBack } from './way-back.ts'

/** How a verb comes to its waves, and the state that these begin in. */
interface Drafting {
  readonly draft: (context: CheckContext) => Draft
  readonly from: (context: CheckContext) => Scene
}

const asItIs = ({ scene }: CheckContext): Scene => scene

/** How each verb is planned. */
export const DRAFTS: Record<Verb, Drafting> = {
  'deploy-all': { draft: deployment, from: beforeDeploy },
  'promote-all': { draft: forward, from: atGates },
  'abort-all': {
    draft: (context) => ({ ...wayBack(context), later: [], rounds: [] }),
    from: asItIs,
  },
  'retry-all': { draft: oneAction('retry', () => undefined), from: asItIs },
  'restart-all': { draft: oneAction('restart', noPods), from: asItIs },
  'pause-all': {
    draft: oneAction('pause', ({ paused }) => (paused ? 'it is paused by hand already' : undefined)),
    from: asItIs,
  },
  'resume-all': {
    draft: oneAction('resume', ({ paused }) => (paused ? undefined : 'it is not paused by hand')),
    from: asItIs,
  },
}

function noPods({ live, replicas }: Member): string | undefined {
  if (live === undefined) return 'its first revision is still being deployed'
  return replicas === 0 ? 'it is to have no pods (replicas: 0)' : undefined
}
