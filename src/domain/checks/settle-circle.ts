import { finding, type Finding } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import { memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { HASH_LABEL } from '../objects/labels.ts'
import type { WiredCall } from './calls.ts'
import { listed, ours } from './say.ts'

/** What comes would call itself in a circle, through Services in front of next versions: no release follows it. */
export function comesToCircle(group: Group, circle: readonly string[]): Finding {
  const sentence =
    `once users are there, ${listed(circle)} would call each other in a circle, all through Services in front of ` +
    'next versions: whoever is deployed after that empties one of them under users'
  const remedy: Remedy = [
    'this gives each a Service of its own for every release, which needs no settling: ',
    ours({ group }, 'release', '--wiring=pinned', '-f', 'FILE'),
  ]
  return finding(group.mode, 'cycle', { members: circle, sentence, remedy }, 'error')
}

/**
 * Users are on such a circle. A Service that its Rollout names no more stays where it is, once it has its hash again
 * (rollout/service.go); so whatever is deployed then empties none of them.
 * @param calls those that lead to next Services
 */
export function onCircle(group: Group, circle: readonly string[], calls: readonly WiredCall[]): Finding {
  const { mode, members } = group
  const within = calls.filter(({ from, to }) => circle.includes(from.member) || circle.includes(to.name))
  const hashes = within.map(({ wire, to }) => `${wire.service}: ${HASH_LABEL}=${to.live?.hash}`)
  const called = [...new Set(within.map(({ to }) => to.name))].sort()
  const fields = called.map((name) =>
    memberNamed(members, name)!.strategy.kind === 'Canary' ? 'canaryService' : 'previewService',
  )
  return finding(
    mode,
    'cycle',
    {
      members: circle,
      sentence:
        `${listed(circle)} call each other in a circle, all through Services in front of next versions: ` +
        'whoever is deployed first empties one of them under users',
      remedy: [
        `take ${listed([...new Set(fields)])} out of the Rollouts of ${listed(called)} and of your files, and put ` +
          `back the hash that the selectors lose by it (${[...new Set(hashes)].sort().join(', ')}): then users ` +
          'stay where they are, and this gives each a Service of its own for every release: ',
        ours({ group }, 'release', '--wiring=pinned', '-f', 'FILE'),
      ],
    },
    'error',
  )
}
