import type { Remedy } from '../findings/remedy.ts'
import type { Violation } from '../trace/violations.ts'
import type { CheckContext } from './context.ts'
import { listed, ours } from './say.ts'

/** How the Services of releases that requests find gone are made anew; undefined where they are there. */
export function madeAnew(context: Pick<CheckContext, 'group'>, found: readonly Violation[]): Remedy | undefined {
  const names = [...new Set(found.flatMap(({ service }) => service ?? []))].filter((each) =>
    context.group.gone.has(each),
  )
  if (names.length === 0) return undefined
  const [services, it] = names.length === 1 ? ['Service', 'it'] : ['Services', 'them']
  return [
    `${services} ${listed(names)} of a release ${names.length === 1 ? 'is' : 'are'} gone; ` +
      `the files that it was made of make ${it} anew: `,
    ours(context, 'release', '-f', 'FILE'),
  ]
}
