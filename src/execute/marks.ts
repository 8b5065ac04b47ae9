/**
 * The rare branches of a run. Each names itself where it is taken, so that a test can tell that it was reached, and not
 * only that all ended well.
 */
export type Mark =
  /** A write was refused, and what it was for is there already. */
  | 'done-though-refused'
  /** The answer to a write was lost, and the gate is passed. */
  | 'passed-though-unanswered'
  /** A write was refused by an admission policy or a validation, though all it rests on holds. */
  | 'refused-in-words-of-its-own'
  /** The server was given time before a write was looked at anew. */
  | 'server-given-time'
  /** The controller put a member back to the gate it was promoted from. */
  | 'gate-came-back'
  | 'sent-again'
  | 'given-up'
  /** A step's own member has moved before its turn. */
  | 'changed-before-its-turn'
  /** What was done, or who was confirmed, holds no more. */
  | 'ground-lost'
  /** What would be done now is not what was confirmed. */
  | 'planned-otherwise'
  | 'waited-for-a-status'
  /** What a step would write is there already. */
  | 'under-way-already'

/** Says that a rare branch is taken. */
export function mark(context: { readonly mark?: (mark: Mark) => void }, taken: Mark): void {
  context.mark?.(taken)
}
