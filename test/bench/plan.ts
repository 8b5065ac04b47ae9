/** How long a group of a thousand members takes to be read, checked, planned and proved; no cluster is needed. */

import { performance } from 'node:perf_hooks'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { judge } from '../../src/domain/plan/judge.ts'
import { SHAPES, sized } from '../support/sized.ts'
import { quantile } from './timing.ts'

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [250, 500, 1000]
const ROUNDS = 5

console.log(`| 5 Services a member | ${SIZES.map((each) => `${each} members`).join(' | ')} |`)
console.log(`|---|${SIZES.map(() => '--:|').join('')}`)
for (const shape of SHAPES) {
  const told = SIZES.map((size) => {
    const parts: Record<string, number[]> = { read: [], check: [], promote: [], abort: [] }
    for (let round = 0; round <= ROUNDS; round++) {
      const snapshot = sized(shape, size)
      const took = (part: string, work: () => unknown) => {
        const start = performance.now()
        work()
        if (round > 0) parts[part]!.push(performance.now() - start)
      }
      let group: ReturnType<typeof readGroup>
      took('read', () => (group = readGroup(snapshot, 'loan')))
      const judged = judge(group!)
      took('check', () => [judged.checks('promote-all'), judged.checks('abort-all')])
      took('promote', () => judged.plan('promote-all'))
      took('abort', () => judged.plan('abort-all'))
    }
    const median = Object.entries(parts).map(([part, times]) => [part, quantile(times, 0.5)] as const)
    const whole = median.reduce((sum, [, time]) => sum + time, 0)
    return `${whole.toFixed(0)} ms (${median.map(([part, time]) => `${part} ${time.toFixed(0)}`).join(', ')})`
  })
  console.log(`| ${shape} | ${told.join(' | ')} |`)
}
