import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Progress } from './progress.ts'
import type { Expectation, Goal, Step } from './step.ts'

/** One kind of goal. */
export type GoalOf<Kind extends Goal['kind']> = Extract<Goal, { kind: Kind }>

/** A step that leads to one kind of goal. */
export type StepTo<Kind extends Goal['kind']> = Step & { readonly until: GoalOf<Kind> }

/** All that a goal is: whoever adds one fills in every line, or it does not compile. */
export interface GoalRule<Kind extends Goal['kind']> {
  /**
   * What the cluster shows of it.
   * @param expect what the member looked like before the write; with it a gate that came back is told from one not yet
   *   left
   */
  readonly progress: (goal: GoalOf<Kind>, member: Member, group: Group, expect?: Expectation) => Progress
  /** Whether what a step would write is there already, so that only its effect is to be waited for. */
  readonly isUnderWay: (step: StepTo<Kind>, member: Member) => boolean
  /** Whether what was done holds; pods that come and go do not undo it. */
  readonly stands: (step: StepTo<Kind>, member: Member) => boolean
  readonly words: {
    /** `backend-active serves 2.0`: what is waited for. */
    readonly until: (step: StepTo<Kind>) => string
    /** `users on 2.0`: it is reached. */
    readonly done: (step: StepTo<Kind>) => string
    /** `api was promoted to 2.0, and is not on it any more`: it was reached, and holds no more. */
    readonly undone: (step: StepTo<Kind>) => string
  }
}
