import type { Member } from '../group/member.ts'
import type { Strategy } from '../objects/strategy.ts'
import type { Order } from './order.ts'
import type { PatchOperation, StepWrite } from './patch.ts'
import type { Expectation, Goal, Step } from './step.ts'
import type { Situation, Transition } from './transition.ts'

/** All that an action is: whoever adds one fills in every line, or it does not compile. */
export interface ActionRule {
  /** The revision that users are to be on after it; `same`: they stay; `earlier`: the one before the live one. */
  readonly towards: 'next' | 'stable' | 'same' | 'earlier'
  readonly order: Order
  /** It passes the one gate that a member stands at: it is sent only there, with all its pods. */
  readonly passesGate: boolean
  /** What its write rests on, beside the object, its revisions and its generations. */
  readonly restsOn: (expect: Expectation) => readonly PatchOperation[]
  /** What of that is not so any more, in words. */
  readonly contradicted: (step: Step, member: Member) => string | undefined
  /** Its one write, with what it rests on as tests; or why it cannot be made. */
  readonly write: (step: Step, member: Member, tests: readonly PatchOperation[]) => StepWrite | string
  /** What would not happen of it while a member is paused by hand (spec.paused); undefined where all of it would. */
  readonly heldByPause: (strategy: Strategy) => string | undefined
  /** What the controller takes a member through. */
  readonly transition: (setting: Situation) => Transition
  /** It is done to a member without a next revision, too, whose live one is then both of its situation. */
  readonly alone?: true
  /**
   * What the cluster must show before it counts as done.
   * @param began when the run did, milliseconds since the epoch
   */
  readonly goal: (member: Member, began: number) => Goal
  /** It may bring a member its first revision, which is then live and next of its situation. */
  readonly begins?: true
  /** It writes another spec: one that the controller refuses is not waited for. */
  readonly mends?: true
  /** Reason of the Event that is written on the Rollout. */
  readonly event: string
  readonly words: {
    /** `promote`: what is done, where the goal is told beside it. */
    readonly deed: string
    /** `promote to its next gate`: what is done, where nothing else is told. */
    readonly inShort: string
    /** `promote sent`: its write is in. */
    readonly sent: string
  }
}
