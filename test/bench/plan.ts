/**
 * How long a group of a thousand members takes to be read, checked, planned and proved, forth or back, and to be shown
 * as `get-group` shows it; no cluster is needed.
 */

import { performance } from 'node:perf_hooks'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { judge } from '../../src/domain/plan/judge.ts'
import { SHAPES, sized } from '../support/sized.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { at } from '../view/worlds.ts'
import { quantile } from './timing.ts'

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [250, 500, 1000]
const ROUNDS = 5

console.log(
  `| 5 Services a member: promotion, withdrawal, screen | ${SIZES.map((each) => `${each} members`).join(' | ')} |`,
)
console.log(`|---|${SIZES.map(() => '--:|').join('')}`)
for (const shape of SHAPES) {
  const told = SIZES.map((size) => {
    const parts = { read: [] as number[], forth: [] as number[], back: [] as number[], shown: [] as number[] }
    for (let round = 0; round <= ROUNDS; round++) {
      const snapshot = sized(shape, size)
      const took = (part: keyof typeof parts, work: () => unknown) => {
        const start = performance.now()
        work()
        if (round > 0) parts[part].push(performance.now() - start)
      }
      let group: ReturnType<typeof readGroup>
      took('read', () => (group = readGroup(snapshot, 'loan')))
      // Each as if nothing had been asked of the group before.
      for (const [part, verb] of [
        ['forth', 'promote-all'],
        ['back', 'abort-all'],
      ] as const) {
        const judged = judge({ ...group! })
        took(part, () => [judged.checks(verb), judged.plan(verb)])
      }
      const again = { ...group! }
      took('shown', () => groupScreen(groupView(again, 0), at()))
    }
    const [read, forth, back, shown] = Object.values(parts).map((times) => quantile(times, 0.5)) as [
      number,
      number,
      number,
      number,
    ]
    return `${(read + forth).toFixed(0)} ms, ${(read + back).toFixed(0)} ms, ${(read + shown).toFixed(0)} ms (read ${read.toFixed(0)})`
  })
  console.log(`| ${shape} | ${told.join(' | ')} |`)
}
