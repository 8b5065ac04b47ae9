import { canary } from './scenarios/canary.ts'
import { diamond } from './scenarios/diamond.ts'
import { followsRole } from './scenarios/follows-role.ts'
import { legacy, miswired, partial } from './scenarios/legacy.ts'
import { modern } from './scenarios/modern.ts'
import type { Scenario } from './scenarios/scenario.ts'

export type { Scenario }

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [legacy, modern, canary, diamond, miswired, followsRole, partial].map((scenario) => [scenario.name, scenario]),
)
