import type { Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import { type Canary, gates } from '../objects/strategy.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { listed, say } from './say.ts'

/**
 * Members that the controller may abort by itself in the middle of a release: an analysis that runs beside the steps,
 * or is one of those to come, fails; pods do not come up in time. Users of their consumers are left with what is
 * withdrawn, or with the old revision (seen on 1.10.1).
 */
export function mayAbortItself(context: CheckContext): Finding[] {
  return context.changing.flatMap((member) => {
    const causes = isWaiting(member) ? causesOf(member) : []
    if (causes.length === 0) return []
    const consumers = context.graph.edges
      .filter((each) => each.dependency === member.name && context.changing.some(({ name }) => name === each.consumer))
      .map((each) => each.consumer)
    const left = listed([...new Set(consumers)])
    return [
      say(
        context,
        'may-abort-itself',
        {
          member: member.name,
          sentence:
            `the controller takes ${called(member.next!)} back by itself if ${causes.join(', or ')}` +
            (left === '' ? '' : `: users of ${left} may be on the new version of it by then, and meet the old one`),
          remedy:
            left === ''
              ? 'the run stops there, and says so'
              : 'let what is to be known be known before the first gate (an analysis step before the first pause), ' +
                'not while users move',
        },
        left === '' ? 'warning' : 'error',
      ),
    ]
  })
}

function causesOf({ strategy, status, progressDeadlineAbort }: Member): string[] {
  if (strategy.kind === 'BlueGreen')
    return progressDeadlineAbort && strategy.previewReplicaCount !== undefined
      ? ['pods that it is scaled up with are late (progressDeadlineAbort)']
      : []
  return [
    ...(strategy.backgroundAnalysis ? ['its background analysis fails (canary.analysis)'] : []),
    ...(isAnalysedLater(strategy, status.stepIndex ?? 0) ? ['an analysis among its steps fails'] : []),
    ...(progressDeadlineAbort ? ['pods are late (progressDeadlineAbort)'] : []),
  ]
}

/** Steps before the first gate are over before anybody is promoted. */
function isAnalysedLater(strategy: Canary, index: number): boolean {
  const from = Math.max(index, gates(strategy)[0] ?? 0)
  return strategy.steps.some(
    (step, at) => at > from && (step.kind === 'analysis' || (step.kind === 'experiment' && step.analysed)),
  )
}
