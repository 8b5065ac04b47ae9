import type { CheckContext } from '../checks/context.ts'
import type { Verb } from '../intent.ts'
import type { Scene } from '../trace/requests.ts'
import { beforeDeploy, deployment } from './deployment.ts'
import type { Draft } from './draft.ts'
import { atGates, forward } from './forward.ts'
import { wayBack } from './way-back.ts'

/** How a verb comes to its waves, and the state that these begin in. */
interface Drafting {
  readonly draft: (context: CheckContext) => Draft
  readonly from: (context: CheckContext) => Scene
}

/** How each verb is planned. */
export const DRAFTS: Record<Verb, Drafting> = {
  'deploy-all': { draft: deployment, from: beforeDeploy },
  'promote-all': { draft: forward, from: atGates },
  'abort-all': {
    draft: (context) => ({ ...wayBack(context), later: [], rounds: [] }),
    from: ({ scene }) => scene,
  },
}
