import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { wiringOf } from '../../domain/release/undo.ts'
import type { Exit } from '../../domain/run/outcome.ts'
import type { RunContext } from '../../execute/context.ts'
import { deploymentFor } from '../../execute/deploy/deployment-for.ts'
import { discover, withEarlier } from '../../watch/discover.ts'
import { labelsIn } from '../group/target.ts'
import { choice, flag } from '../line/arguments.ts'
import { carryOut, type Releasing } from './releasing.ts'
import { workloadsOf } from './settle-phase.ts'

/** A group with all that its earlier pod templates rest on. */
export interface WithPast {
  readonly found: Snapshot
  readonly group: Group
  readonly workloads: readonly unknown[]
}

/** The group as the cluster shows it now. @throws ClusterError */
export async function withPast({ target, interruption }: Releasing): Promise<WithPast> {
  const signal = interruption.stopping
  const found = await discover(target.cluster, target.scope, signal, { fronts: true })
  const group = readGroup(await withEarlier(target.cluster, target.scope, found, signal), target.group, target.mode)
  return { found, group, workloads: await workloadsOf(target.cluster, group, signal) }
}

/** Deploys old pod templates, as a release of this ID, to their gates. @param more what the run has of its own */
export async function deployTemplates(
  releasing: Releasing,
  { found, group }: WithPast,
  { id, manifests }: { readonly id: string; readonly manifests: readonly Manifest[] },
  more: Partial<RunContext>,
): Promise<Exit | undefined> {
  const { args, target, interruption } = releasing
  const labels = labelsIn(target.scope.selector)
  const asked = {
    manifests,
    aim: { group: group.name, namespace: group.namespace, labels, mode: group.mode, include: [] },
    wiring: choice(args, 'wiring', ['preview', 'pinned']) ?? wiringOf(group),
    release: id,
    trustHost: flag(args, 'trust-host'),
    options: more.options ?? releasing.options,
  }
  const deployment = await deploymentFor(target.cluster, found, asked, interruption.stopping)
  return carryOut(releasing, releasing.run('deploy-all', { deployment, ...more }))
}
