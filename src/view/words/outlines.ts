import type { Plan } from '../../domain/plan/plan.ts'

/** What follows a failure (`--on-failure`). */
const FAILURES = {
  stop: 'stops where it is',
  abort: 'withdraws what waits',
  rollback: 'withdraws what waits, and brings users back who have left',
} as const

/** What becomes of what is under way, as the end of a line of phases. */
export function endsEarly(onFailure: keyof typeof FAILURES): string {
  return `a failure ${FAILURES[onFailure]}; an interruption leaves what is there`
}

/** What each round of settle does, in a line. */
export const SETTLE_OUTLINE = 'each round: deploy to the gates → promote → old pods gone'

/** What abort-all --undo-promoted does, in a line. */
export const BACK_OUTLINE =
  'users who were promoted come back first, then the rest is withdrawn; each phase is planned and proved anew'

/** What a plan of undo-all says besides its phases. */
export function undoOutline(onFailure: keyof typeof FAILURES): string {
  return `each phase is planned and proved anew when its turn comes; ${endsEarly(onFailure)}`
}

/** Whether a plan is of a round that points consumers back, before the release itself is planned. */
function settlesFirst({ objects, wiring }: Pick<Plan, 'objects' | 'wiring'>): boolean {
  return objects !== undefined && wiring === undefined
}

const SETTLES = 'settle where consumers are on preview Services'

/** The phases of release, in a line: those before its promotion, and those after it. */
export function releaseOutline(
  { before, promotes, after }: Readonly<Record<'before' | 'after', readonly string[]>> & { readonly promotes: string },
  onFailure: keyof typeof FAILURES,
  plan: Pick<Plan, 'objects' | 'wiring'>,
): string {
  const settles = settlesFirst(plan) ? [SETTLES] : []
  const phases = [...settles, 'deploy to the gates', ...before, promotes, ...after]
  return `phases: ${phases.join(' → ')}; ${endsEarly(onFailure)}`
}
