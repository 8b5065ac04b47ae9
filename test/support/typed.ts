import type { Call, Remedy } from '../../src/domain/findings/remedy.ts'
import { remedyText } from '../../src/domain/findings/remedy.ts'
import { typedAs } from '../../src/cli/group/target.ts'

/** How a command is typed where no flag was given. */
export const typed = typedAs({})

/** A remedy as a person reads it who gave no flag. */
export const told = (remedy: Remedy): string => remedyText(remedy, typed)

/** A verb of ours on a group, from its words: `get-group -w loan`. */
export function call(line: string, namespace = 'legacy'): Call {
  const [, words = '', group = ''] = /^(\S+(?: -\S+)*) ?(.*)$/.exec(line) ?? []
  return { tool: 'rollouts-group', words: words.split(' '), group, namespace }
}
