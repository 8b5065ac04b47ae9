import type { Arguments } from '../command.ts'
import { choice } from '../line/arguments.ts'

/** What follows a failure: a release that nobody looks after does not stay half done. @throws UsageError */
export function afterFailure(args: Arguments): 'stop' | 'abort' | 'rollback' {
  return choice(args, 'on-failure', ['stop', 'abort', 'rollback']) ?? 'abort'
}

/** What follows it where users have not left. @throws UsageError */
export function onFailure(args: Arguments): 'stop' | 'abort' {
  return afterFailure(args) === 'stop' ? 'stop' : 'abort'
}
