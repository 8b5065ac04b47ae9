import { ClusterError, type ClusterErrorReason } from '../cluster/port.ts'
import { EXIT, type Exit } from '../domain/run/outcome.ts'
import { ManifestError } from '../manifests/manifest-error.ts'
import { printable } from '../text/printable.ts'
import { TimedOut } from '../execute/context.ts'
import { TemplateError } from '../view/documents/jsonpath-steps.ts'
import { UsageError } from './command.ts'

/** What a person is told of an error, and the code a pipeline gets. */
export interface Failure {
  readonly exit: Exit
  /** The lines for stderr. */
  readonly lines: readonly string[]
}

/** There is no such group, or nothing in it. */
export class NoGroup extends Error {
  override readonly name = 'NoGroup'
}

/** Errors of the cluster by what they come to; all others are failures. */
const EXITS: Partial<Record<ClusterErrorReason, Exit>> = { Aborted: EXIT.interrupted }

/** What kubectl writes before a server's refusal (`Error from server (Forbidden): …`). */
const FROM_SERVER: ReadonlySet<ClusterErrorReason> = new Set([
  'NotFound',
  'AlreadyExists',
  'Conflict',
  'Invalid',
  'Forbidden',
  'Unauthorized',
  'TooManyRequests',
  'Expired',
  'ServerError',
  'BadRequest',
])

/** The one map from an error to its exit code and sentence; no terminal acts on what was typed or answered. */
export function failureOf(error: unknown, verb: string | undefined): Failure {
  const { exit, lines } = told(error, verb)
  return { exit, lines: lines.flatMap((line) => line.split('\n')).map(printable) }
}

function told(error: unknown, verb: string | undefined): Failure {
  if (error instanceof UsageError || error instanceof TemplateError) {
    const of = (error instanceof UsageError ? error.verb : undefined) ?? verb
    return {
      exit: EXIT.usage,
      lines: [`error: ${error.message}`, `See 'kubectl rollouts-group ${of === undefined ? '' : `${of} `}--help'`],
    }
  }
  if (error instanceof ClusterError) {
    const prefix = FROM_SERVER.has(error.reason) ? `Error from server (${error.said})` : 'error'
    return {
      exit: EXITS[error.reason] ?? EXIT.failed,
      lines: error.reason === 'Aborted' ? ['interrupted'] : [`${prefix}: ${error.message}`],
    }
  }
  if (error instanceof TimedOut)
    return {
      exit: EXIT['timed-out'],
      lines: [
        'error: the time was up (--timeout) before the group was read; nothing was sent',
        'Is the cluster reachable? Try: kubectl cluster-info',
      ],
    }
  if (error instanceof ManifestError)
    return {
      exit: EXIT.failed,
      lines: [`error: ${error.message}`, 'Nothing was done; mend it, and give the same command again.'],
    }
  if (error instanceof NoGroup) return { exit: EXIT.failed, lines: [error.message] }
  return {
    exit: EXIT.failed,
    lines: [
      `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      'This is a bug; please report it with the command you typed.',
    ],
  }
}
