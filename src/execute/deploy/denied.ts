import type { ClusterError } from '../../cluster/port.ts'
import { few } from '../../domain/checks/say.ts'
import type { Aim, InFile } from '../../domain/deploy/fit.ts'
import { finding, type Finding } from '../../domain/findings/finding.ts'
import type { Remedy } from '../../domain/findings/remedy.ts'
import { at, text } from '../../domain/objects/fields.ts'

/** An object that the API server would not take, and why. */
export interface Denied extends InFile {
  readonly error: ClusterError
}

/** What the API server would not take: once for what one cause keeps out, of however many objects. */
export function deniedFindings(denied: readonly Denied[], aim: Aim): Finding[] {
  return [...Map.groupBy(denied, causeOf).values()].map((alike) => {
    const [{ object, error }] = alike as [Denied]
    const members = alike.flatMap((each) => (at(each.object, 'kind') === 'Rollout' ? [nameOf(each.object)] : []))
    if (error.reason === 'Forbidden') {
      const others = alike.slice(1).map((each) => nameOf(each.object))
      const also = others.length === 0 ? '' : `; nor that of ${few(others)}`
      return finding(aim.mode, 'rbac', {
        members,
        sentence: error.message + also,
        remedy: 'ask for it (README, Permissions)',
      })
    }
    return finding(aim.mode, 'apply-refused', {
      members,
      sentence: `${few(alike.map(({ where }) => where))} cannot be applied: ${error.message}`,
      remedy: remedyFor(object, error, aim),
    })
  })
}

/** A kind that may not be written is one cause; all else is in the server's words. */
function causeOf({ object, error: { reason, message } }: Denied): string {
  return reason === 'Forbidden' ? `${message.split(' ')[0]} ${at(object, 'kind')}` : message.replace(/^[^:]*: /, '')
}

function remedyFor(object: unknown, { reason, status, message }: ClusterError, { namespace }: Aim): Remedy {
  if (reason === 'NotFound' && status === undefined)
    return `install what defines ${text(at(object, 'kind'))}, or leave it out; nothing was applied`
  if (reason === 'NotFound' && message.includes('namespaces'))
    return ['make it first: ', { tool: 'kubectl', words: ['create', 'namespace', namespace], namespace: undefined }]
  return 'mend the file; nothing was applied'
}

function nameOf(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}
