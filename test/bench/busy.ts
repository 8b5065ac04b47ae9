import { availableParallelism, loadavg } from 'node:os'

/** How many cores a measurement had, and how many processes wanted them meanwhile. */
export function busy(load = loadavg(), cores = availableParallelism()): string {
  const wanted = Math.max(load[0]!, load[1]!)
  const state = wanted < cores / 2 ? 'quiet' : wanted < cores * 2 ? 'not quiet' : 'busy'
  return `on ${cores} cores, a ${state} machine (load average ${load[0]!.toFixed(1)}, ${load[1]!.toFixed(1)} over five minutes)`
}
