import type { Applier, Cluster } from '../../cluster/port.ts'
import type { Aim, InFile } from '../../domain/deploy/fit.ts'
import type { Desired } from '../../domain/deploy/desired.ts'
import { withOwners } from '../../domain/deploy/owners.ts'
import { planDeploy } from '../../domain/deploy/plan-deploy.ts'
import { type Finding, forbids, rowOf } from '../../domain/findings/finding.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { PlanOptions } from '../../domain/intent.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { isMemberIn, namesIn } from '../../domain/group/membership.ts'
import type { Wiring } from '../../domain/manifests/wiring.ts'
import { at, text } from '../../domain/objects/fields.ts'
import { RELEASE } from '../../domain/objects/labels.ts'
import { refusing } from '../../domain/plan/plan.ts'
import { isPinned } from '../../domain/release/release-name.ts'
import { rewire } from '../../domain/rewire/rewire.ts'
import type { Deployment } from '../context.ts'
import { knownOf } from '../rewire/surrounding.ts'
import { desire } from './desire.ts'

/** What is to be deployed, and how it is to be wired. */
export interface ToDeploy {
  readonly manifests: readonly Manifest[]
  readonly aim: Omit<Aim, 'there'>
  /** Absent: as the files are, if that is proved, else pinned. */
  readonly wiring: Wiring | undefined
  /** What the release is called; absent: its version. */
  readonly release: string | undefined
  readonly trustHost: boolean
  readonly options: PlanOptions
}

/**
 * Manifests as a deployment of a group: wired, and tried on the API server, which stores nothing of it. Give it to a
 * run of `deploy-all` (`runVerb({ verb: 'deploy-all', deployment, … })`), or plan with it alone:
 * `planDeploy(group, deployment.desired, options)`.
 * @throws ClusterError where the server cannot be asked
 */
export async function deploymentFor(
  cluster: Cluster,
  snapshot: Snapshot,
  asked: ToDeploy,
  signal: AbortSignal,
): Promise<Deployment> {
  const { manifests, options } = asked
  const aim: Aim = { ...asked.aim, there: namesIn(snapshot.rollouts) }
  const group = readGroup(snapshot, aim.group, aim.mode)
  const applier = askedOnce(cluster)
  const tried = (files: readonly InFile[]) => desire(cluster, applier, files, aim, snapshot, signal)
  const given = (desired: Desired): Deployment => ({ desired, applier: cluster })
  if (asked.wiring !== undefined && asked.wiring !== 'as-is')
    return given(await rewired(cluster, group, { ...asked, aim, wiring: asked.wiring }, tried, signal))
  const plain = { ...(await tried(manifests)), wiring: 'wired as the files are' }
  if (asked.wiring === 'as-is' || plain.findings.some(forbids)) return given(plain)
  const [why] = refusing(planDeploy(group, plain, options)).filter(({ code }) => rowOf(code).anyhow !== true)
  if (why === undefined && !isPinned(group)) return given(plain)
  const pinned = await rewired(cluster, group, { ...asked, aim, wiring: 'pinned' }, tried, signal)
  const since = why === undefined ? '' : `, since with the addresses in the files ${why.sentence}`
  const told = `${pinned.wiring ?? ''}${since}`
  return given({ ...pinned, wiring: told })
}

/** Asks about each object once, in however many ways it is wired. */
function askedOnce(applier: Applier): Applier {
  const known = new Map<string, Promise<unknown>>()
  const once = (what: string, object: unknown, ask: () => Promise<unknown>): Promise<unknown> => {
    const key = `${what} ${JSON.stringify(object)}`
    const answer = known.get(key) ?? ask()
    known.set(key, answer)
    return answer
  }
  return {
    look: (object, signal) => once('look', object, () => applier.look(object, signal)),
    apply: (object, options) => once('apply', object, () => applier.apply(object, options)),
  }
}

async function rewired(
  cluster: Cluster,
  group: Group,
  {
    manifests,
    aim,
    wiring,
    release,
    trustHost,
  }: Omit<ToDeploy, 'aim'> & { readonly aim: Aim; readonly wiring: Wiring },
  tried: (files: readonly InFile[]) => Promise<Desired>,
  signal: AbortSignal,
): Promise<Desired> {
  const known = await knownOf(cluster, group.snapshot, group.name, manifests, signal)
  const belongs = (rollout: unknown) => isMemberIn(rollout, aim)
  const around = { group: group.name, namespace: aim.namespace, belongs, cluster: known }
  const made = rewire(manifests, around, { wiring, release, trustHost })
  const findings: readonly Finding[] = made.findings
  if (findings.some(forbids)) return { objects: [], configs: new Map(), findings }
  const objects = withOwners(made.objects, group).map((object, index) => ({
    object,
    where: manifests[index]?.where ?? madeFor(object, made.release),
  }))
  const desired = await tried(objects)
  const called = made.release === undefined ? '' : `, release ${made.release}`
  return { ...desired, findings: [...desired.findings, ...findings], wiring: `wired ${wiring}${called}` }
}

/** A Service of a release stands for it also where nothing is new. */
function madeFor(object: unknown, release: string | undefined): string {
  const name = release ?? text(at(object, 'spec', 'selector', RELEASE))
  return name === undefined ? 'made for the release' : `made for release ${name}`
}
