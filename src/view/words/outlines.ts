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

/** What a plan of undo-all says besides its phases. */
export function undoOutline(onFailure: keyof typeof FAILURES): string {
  return `each phase is planned and proved anew when its turn comes; ${endsEarly(onFailure)}`
}
