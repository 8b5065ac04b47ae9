import { planDeploy } from '../../domain/deploy/plan-deploy.ts'
import { type Finding, forbids } from '../../domain/findings/finding.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { PlanOptions } from '../../domain/intent.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { type Wiring, WIRINGS } from '../../domain/manifests/wiring.ts'
import { refused } from '../../domain/plan/plan.ts'
import { isPinned } from '../../domain/release/release-name.ts'
import type { Surrounding } from '../../domain/rewire/reading.ts'
import { rewire } from '../../domain/rewire/rewire.ts'
import type { Deployment } from '../../execute/context.ts'
import { knownOf } from '../../execute/rewire/surrounding.ts'
import { discover } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Target } from '../group/target.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { deployed, labelsIn, manifestsOf } from './deployment.ts'

/** A person's files with the wiring of a release. */
export interface WiredDeployment extends Deployment {
  readonly wiring: Wiring
  /** How it came to that wiring. */
  readonly told: readonly string[]
}

/**
 * The files of `-f` and `-k` as a deployment, wired as `--wiring` says. Where nothing is said: a group that is pinned
 * stays so; another one is deployed as its files are, where that is proved, and pinned where it is not.
 * @param given manifests in place of the files @throws UsageError, ClusterError
 */
export async function wiredDeployment(
  args: Arguments,
  context: CliContext,
  target: Target,
  options: PlanOptions,
  signal: AbortSignal,
  given?: readonly Manifest[],
): Promise<WiredDeployment> {
  const asked = choice(args, 'wiring', WIRINGS)
  const manifests = given ?? (await manifestsOf(args, context, signal))
  const snapshot = await discover(target.cluster, target.scope, signal)
  const group = readGroup(snapshot, target.group, target.mode)
  const asIs = async (): Promise<WiredDeployment> => ({
    ...(await deployed(args, manifests, target, snapshot, signal)),
    wiring: 'as-is',
    told: [],
  })
  if (asked === 'as-is') return asIs()
  const wired = async (wiring: Exclude<Wiring, 'as-is'>, why: string): Promise<WiredDeployment> => {
    const around = await surroundingOf(target, snapshot, group, manifests, signal)
    const made = rewire(manifests, around, {
      wiring,
      release: text(args, 'release'),
      trustHost: flag(args, 'trust-host'),
    })
    const files = made.objects.map((object, index) => ({
      object,
      where: manifests[index]?.where ?? `release ${made.release ?? ''}`.trim(),
    }))
    const deployment = made.findings.some(forbids)
      ? { desired: { objects: [], configs: new Map(), findings: made.findings }, applier: target.cluster }
      : await deployed(args, files, target, snapshot, signal)
    const told = made.release === undefined ? [] : [`wiring: ${wiring}, release ${made.release}${why}`]
    return { ...withFindings(deployment, made.findings), wiring, told }
  }
  if (asked !== undefined) return wired(asked, '')
  if (isPinned(group)) return wired('pinned', ' (as the group is)')
  const plain = await asIs()
  const [why] = whyRefused(group, plain, options)
  return why === undefined ? plain : wired('pinned', ` (as the files are it would be refused: ${why.code})`)
}

/** What rewiring needs to know. @throws ClusterError */
export async function surroundingOf(
  { cluster, scope, group: name }: Target,
  snapshot: Group['snapshot'],
  group: Group,
  manifests: readonly Manifest[],
  signal: AbortSignal,
) {
  const labels = labelsIn(scope.selector)
  const surrounding: Surrounding = {
    group: name,
    namespace: scope.namespace,
    belongs: (own) => (labels === undefined ? true : [...labels].every(([key, value]) => own.get(key) === value)),
  }
  return { ...surrounding, cluster: { ...(await knownOf(cluster, snapshot, name, manifests, signal)), group } }
}

function whyRefused(group: Group, { desired }: Deployment, options: PlanOptions): readonly Finding[] {
  const plan = planDeploy(group, desired, options)
  return refused(plan) ? plan.findings.filter(forbids) : []
}

function withFindings(deployment: Deployment, findings: readonly Finding[]): Deployment {
  const { desired } = deployment
  const more = findings.filter((each) => !desired.findings.includes(each))
  return { ...deployment, desired: { ...desired, findings: [...desired.findings, ...more] } }
}
