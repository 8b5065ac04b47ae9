import type { Aim, InFile } from '../../domain/deploy/fit.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import type { Deployment } from '../../execute/context.ts'
import { desire } from '../../execute/deploy/desire.ts'
import { ManifestError } from '../../manifests/manifest-error.ts'
import { readManifests } from '../../manifests/read.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Target } from '../group/target.ts'
import { names, texts } from '../line/arguments.ts'

/** The objects of `-f` and `-k`. @throws UsageError where none is named, or one cannot be read */
export async function manifestsOf(
  args: Arguments,
  context: CliContext,
  signal: AbortSignal,
): Promise<readonly Manifest[]> {
  const asked = { files: texts(args, 'filename'), kustomizations: texts(args, 'kustomize') }
  if (asked.files.length + asked.kustomizations.length === 0)
    throw new UsageError('which manifests? name files or directories with -f, or kustomizations with -k')
  const { manifests } = await readManifests(asked, { stdin: context.stdin.stream, env: context.env, signal }).catch(
    (error: unknown) => {
      throw error instanceof ManifestError ? new UsageError(error.message) : error
    },
  )
  return manifests
}

/**
 * Objects as a deployment of a group that was read: put into its namespace, and tried on the API server, which stores
 * nothing of it. @throws ClusterError
 */
export async function deployed(
  args: Arguments,
  files: readonly InFile[],
  { cluster, scope, group, mode }: Target,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<Deployment> {
  const known = readGroup(snapshot, group, mode)
  const aim: Aim = {
    group,
    namespace: scope.namespace,
    labels: labelsIn(scope.selector),
    mode: known.mode,
    include: names(args, 'include') ?? [],
  }
  return { desired: await desire(cluster, cluster, files, aim, snapshot, signal), applier: cluster }
}

/** The labels that a selector asks for; undefined where it says more than labels. */
export function labelsIn(selector: string): ReadonlyMap<string, string> | undefined {
  const parts = selector.split(',').map((each) => /^([^=!\s()]+)={1,2}([^=\s()]*)$/.exec(each.trim()))
  return parts.every((each) => each !== null) ? new Map(parts.map((each) => [each![1]!, each![2]!])) : undefined
}
