import { contextOf, factsOf } from '../checks/context.ts'
import { roundsOf } from '../checks/gates-ahead.ts'
import { once } from '../checks/once.ts'
import { findingsOf } from '../checks/table.ts'
import { coming } from '../checks/traffic.ts'
import type { Finding } from '../findings/finding.ts'
import type { Graph } from '../group/call-graph.ts'
import type { Group } from '../group/read-group.ts'
import type { PlanOptions, Verb } from '../intent.ts'
import type { Releases } from '../trace/releases.ts'
import type { Scene } from '../trace/requests.ts'
import { makePlan } from './make-plan.ts'
import type { Plan } from './plan.ts'
import { backOf, type Cure, cureOf, isWayBackOpen, keeperOf } from './way-out.ts'

/** All that is known of a group, whoever asks: each part is worked out once, when it is first asked for. */
export class Judgement {
  readonly #group: Group
  readonly #options: PlanOptions
  readonly #plans = new Map<Verb, Plan>()

  constructor(group: Group, options: PlanOptions) {
    this.#group = group
    this.#options = options
  }

  /** Who calls whom. */
  get graph(): Graph {
    return factsOf(this.#group, this.#options).graph
  }

  /** Which release each revision belongs to. */
  get releases(): Releases {
    return factsOf(this.#group, this.#options).releases
  }

  /** What users may meet now. */
  get scene(): Scene {
    return factsOf(this.#group, this.#options).scene
  }

  /** What stands in the way of a verb, what its proof finds aside. */
  checks(verb: Verb): readonly Finding[] {
    return findingsOf(this.#context(verb))
  }

  /** What a verb would do. */
  plan(verb: Verb): Plan {
    const plan = this.#plans.get(verb) ?? makePlan(this.#group, verb, this.#options)
    this.#plans.set(verb, plan)
    return plan
  }

  /** The order of a promotion's first gate where no two layers of the graph are one wave: names, unproved. */
  get layered(): readonly (readonly string[])[] {
    return roundsOf(this.#context('promote-all'))[0]!.waves
  }

  /** What leads out of what users meet now; undefined where nothing does. */
  get cure(): Cure | undefined {
    return cureOf(this.#group, this.#options)
  }

  /** What keeps from users what they are about to meet; undefined where nothing does. */
  get keeper(): Cure | undefined {
    const ahead = coming(this.scene)
    const proved = keeperOf({ group: this.#group, options: this.#options }, ahead)
    return proved ?? (ahead.length > 0 ? backOf(this.#context('abort-all')) : undefined)
  }

  /** Whether what waits can be withdrawn as things stand. */
  get mayGoBack(): boolean {
    return isWayBackOpen(this.#context('abort-all'))
  }

  #context(verb: Verb) {
    return contextOf(this.#group, verb, this.#options)
  }
}

const judged = once((group, options) => new Judgement(group, options))

/** Judges a group: the same group with the same options is judged once. */
export function judge(group: Group, options: PlanOptions = {}): Judgement {
  return judged(group, options)
}
