import type { Aim } from '../../domain/deploy/fit.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { WIRINGS } from '../../domain/manifests/wiring.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Deployment } from '../../execute/context.ts'
import { deploymentFor } from '../../execute/deploy/deployment-for.ts'
import { readManifests } from '../../manifests/read.ts'
import { discover } from '../../watch/discover.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { elsewhere } from '../group/elsewhere.ts'
import { labelsIn, type Target } from '../group/target.ts'
import { choice, flag, names, text, texts } from '../line/arguments.ts'
import { writeLines } from '../terminal/output.ts'
import { planOptions } from './plan-options.ts'

/** What the files of `-f` and `-k` hold. @throws UsageError, ManifestError */
export async function manifestsIn(
  args: Arguments,
  context: CliContext,
  signal: AbortSignal,
): Promise<readonly Manifest[]> {
  const named = { files: texts(args, 'filename'), kustomizations: texts(args, 'kustomize') }
  if (named.files.length + named.kustomizations.length === 0)
    throw new UsageError('which manifests? name files or directories with -f, or kustomizations with -k')
  return (await readManifests(named, { stdin: context.stdin.stream, env: context.env, signal })).manifests
}

/**
 * Manifests as a deployment of a group: wired as is asked for, put into its namespace, and tried on the API server,
 * which stores nothing of it (`deploymentFor`). Where the namespace has none of it, it is said which has.
 * @throws UsageError, ClusterError
 */
export async function deploymentOf(
  args: Arguments,
  manifests: readonly Manifest[],
  target: Target,
  { stderr }: Pick<CliContext, 'stderr'>,
  signal: AbortSignal,
): Promise<Deployment> {
  const { cluster, scope, group, mode } = target
  const snapshot = await discover(cluster, scope, signal, { fronts: true })
  const known = readGroup(snapshot, group, mode)
  if (known.members.length + known.problems.length === 0) writeLines(stderr, await elsewhere(target, signal))
  const aim: Omit<Aim, 'there'> = {
    group,
    namespace: scope.namespace,
    labels: labelsIn(scope.selector),
    mode: known.mode,
    include: names(args, 'include') ?? [],
  }
  const asked = {
    manifests,
    aim,
    wiring: choice(args, 'wiring', WIRINGS),
    release: text(args, 'release'),
    trustHost: flag(args, 'trust-host'),
    options: planOptions(args),
  }
  return deploymentFor(cluster, snapshot, asked, signal)
}
