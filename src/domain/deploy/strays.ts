import { finding, type Finding } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import { canonical } from '../objects/canonical.ts'
import { at, strings } from '../objects/fields.ts'
import { type Desired, templateIn, type Wanted } from './desired.ts'

/** Rollouts whose selector would not find their own pods: the API server takes them, and the controller does not. */
export function strays(desired: Desired, mode: Mode): Finding[] {
  return desired.objects
    .filter(({ kind, given }) => kind === 'Rollout' && given !== undefined)
    .flatMap((each) => {
      const why = whyStray(each, desired)
      if (why === undefined) return []
      const remedy =
        'leave the selector as it is, and give the pod template its labels; or give the Rollout another name'
      return [
        finding(mode, 'unfit-files', {
          member: each.name,
          sentence: `Rollout ${each.name} (${each.where}) ${why}`,
          remedy,
        }),
      ]
    })
}

function whyStray({ was, will }: Wanted, desired: Desired): string | undefined {
  const [before, now] = [was, will].map((each) => at(each, 'spec', 'selector'))
  if (was !== undefined && canonical(before) !== canonical(now))
    return 'has another spec.selector than in the cluster: it would not know its running pods any more'
  const template = templateIn(will, desired)
  const labels = strings(at(template, 'metadata', 'labels'))
  const other = [...strings(at(now, 'matchLabels'))].find(([key, value]) => labels.get(key) !== value)
  return template === undefined || other === undefined
    ? undefined
    : `has a spec.selector that its pod template does not match: ${other.join('=')}`
}
