import { canary } from './scenarios/canary.ts'
import { diamond } from './scenarios/diamond.ts'
import { followsRole } from './scenarios/follows-role.ts'
import { legacy, miswired, outage, partial, stuck } from './scenarios/legacy.ts'
import { modern } from './scenarios/modern.ts'
import { plain } from './scenarios/plain.ts'
import type { Scenario } from './scenarios/scenario.ts'

export type { Scenario }

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [legacy, plain, modern, canary, diamond, miswired, followsRole, stuck, partial, outage].map((scenario) => [
    scenario.name,
    scenario,
  ]),
)
