import { ClusterError } from '../../cluster/port.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { type Candidate, candidatesFor, DIRECTIVE } from './candidates.ts'
import { placeOf } from './place.ts'

/** Milliseconds a cluster has to answer: whoever types waits for it. */
const PATIENCE = 2000

/**
 * `__complete WORD…`: what may stand where the last word is being typed, a line each with a tab before what it means,
 * and cobra's directive in the last one (kubectl, pkg/cmd/plugin/plugin_completion.go). A cluster that does not answer
 * has no candidates, and nothing is said of it: this is called between two keys.
 */
export async function complete(words: readonly string[], context: CliContext): Promise<number> {
  const place = await placeOf(words)
  const over = new AbortController()
  const answer = candidatesFor(place, context, over.signal).catch((error: unknown) => {
    if (error instanceof ClusterError || error instanceof UsageError) return NOTHING
    throw error
  })
  // Its timer ends with the answer, and rejects.
  const tired = context.clock.after(PATIENCE, over.signal).then(
    () => NOTHING,
    () => NOTHING,
  )
  const { candidates, directive } = await Promise.race([answer, tired]).finally(() => over.abort())
  const lines = candidates
    .filter(([word]) => word.startsWith(place.typed) && isTypable(word))
    .map(([word, means]) => (means === undefined ? word : `${word}\t${means.replaceAll(/\s+/g, ' ')}`))
  context.stdout.write([...lines, `:${directive}\n`].join('\n'))
  return EXIT.done
}

const NOTHING: { readonly candidates: readonly Candidate[]; readonly directive: number } = {
  candidates: [],
  directive: DIRECTIVE.noFiles,
}

/**
 * A name from a cluster or a kubeconfig that would not be one word for the shell, or be taken for the directive, is not
 * offered.
 */
function isTypable(word: string): boolean {
  return /^[^\s\p{C}:][^\s\p{C}]*$/u.test(word)
}
