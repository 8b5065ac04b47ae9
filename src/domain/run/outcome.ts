/** What became of one step, or of one member. */
export type Outcome =
  | 'done'
  | 'already-done'
  | 'refused'
  | 'changed'
  | 'lost'
  | 'failed'
  | 'timed-out'
  | 'not-started'
  | 'cancelled'

export interface Report {
  readonly member: string
  readonly outcome: Outcome
  /** What is so and why, in a sentence. */
  readonly detail: string
  /** It must not follow those to whom users were brought: to bring these back is what leads on. */
  readonly leadsBack?: true
}

/** Whether a step has not come to what it was for. */
export function isBad({ outcome }: Report): boolean {
  return outcome !== 'done' && outcome !== 'already-done'
}

/** Exit codes of every verb. (On Windows kubectl turns every failure into 1.) */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  partly: 4,
  changed: 5,
  'timed-out': 6,
  unapproved: 7,
  interrupted: 130,
} as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

const OF_OUTCOME: Record<Exclude<Outcome, 'done' | 'already-done' | 'not-started'>, Exit> = {
  refused: EXIT.refused,
  changed: EXIT.changed,
  lost: EXIT.failed,
  failed: EXIT.failed,
  'timed-out': EXIT['timed-out'],
  cancelled: EXIT.interrupted,
}

/** The exit code of a run: partly done wherever something was done and something was not, an interruption aside. */
export function exitOf(reports: readonly Report[]): Exit {
  const done = reports.some((each) => each.outcome === 'done')
  const bad = reports.flatMap((each) =>
    each.outcome in OF_OUTCOME ? [OF_OUTCOME[each.outcome as keyof typeof OF_OUTCOME]] : [],
  )
  if (bad.includes(EXIT.interrupted)) return EXIT.interrupted
  const worst = bad[0]
  if (worst === undefined)
    return reports.some((each) => each.outcome === 'not-started') ? (done ? EXIT.partly : EXIT.failed) : EXIT.done
  return done ? EXIT.partly : worst
}
