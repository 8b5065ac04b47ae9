import { labelledThere } from '../../domain/deploy/strangers.ts'
import type { Manifest } from '../../domain/manifests/manifest.ts'
import { isMemberIn, type Membership, namesIn } from '../../domain/group/membership.ts'
import { changesOf } from '../../domain/rewire/changes.ts'
import type { KnownCluster, Surrounding } from '../../domain/rewire/reading.ts'
import type { Rewired } from '../../domain/rewire/rewire.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { knownOf } from '../../execute/rewire/surrounding.ts'
import { readManifests } from '../../manifests/read.ts'
import { writeManifests } from '../../manifests/write.ts'
import { printable } from '../../text/printable.ts'
import { findingLines } from '../../view/words/finding.ts'
import { discover } from '../../watch/discover.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { groupSelector, labelsIn, withCluster } from '../group/target.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { flag, text, texts } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { functionArguments } from './function-config.ts'

/** What becomes of manifests. */
type Change = (manifests: readonly Manifest[], around: Surrounding, args: Arguments) => Rewired

/**
 * Reads manifests, prints what becomes of them, and tells each change on standard error; where it is refused it prints
 * nothing.
 * @throws UsageError, ManifestError, ClusterError
 */
export async function filter(given: Arguments, context: CliContext, change: Change): Promise<number> {
  const asked = { files: texts(given, 'filename'), kustomizations: texts(given, 'kustomize') }
  if (asked.files.length + asked.kustomizations.length === 0)
    throw new UsageError('which manifests? name files or directories with -f, - for standard input, or -k DIRECTORY')
  using interruption = listenForInterrupts(context)
  const signal = interruption.stopping
  const read = await readManifests(asked, { stdin: context.stdin.stream, env: context.env, signal })
  const args: Arguments = { ...functionArguments(read), ...said(given) }
  const { group, selector } = groupSelector(args, context)
  const wanted = labelsIn(selector)
  if (wanted === undefined) throw new UsageError(`-l ${selector}: only labels, key=value, say who is a member in files`)
  const { manifests } = read
  const members = (cluster: KnownCluster | undefined): Membership => ({
    labels: wanted,
    there: namesIn(cluster?.snapshot.rollouts ?? []),
  })
  const finish = (namespace: string, cluster: KnownCluster | undefined): number => {
    const belongs = (rollout: unknown) => isMemberIn(rollout, members(cluster))
    const changed = change(manifests, { group, namespace, belongs, cluster }, args)
    const rollouts = manifests.filter(({ kind }) => kind === 'Rollout')
    const thereAlone = labelledThere(rollouts, { ...members(cluster), group, namespace, mode: 'legacy' })
    return told(
      { ...changed, findings: [...changed.findings, ...thereAlone] },
      () => writeManifests(read, changed.edits, changed.added),
      args,
      context,
    )
  }
  if (flag(args, 'local'))
    return finish(text(args, 'namespace') ?? namespaceOf(manifests, members(undefined)) ?? 'default', undefined)
  return withCluster(args, context, async (cluster) => {
    const { namespace } = cluster
    const snapshot = await discover(cluster, { namespace, selector }, signal)
    return finish(namespace, await knownOf(cluster, snapshot, group, manifests, signal))
  })
}

/** What was said on the command line, which has the last word. */
function said(args: Arguments): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
}

/** The namespace that the members' own manifests name. */
function namespaceOf(manifests: readonly Manifest[], members: Membership): string | undefined {
  return manifests.find(({ kind, object }) => kind === 'Rollout' && isMemberIn(object, members))?.namespace
}

function told(
  changed: Rewired,
  write: () => ReturnType<typeof writeManifests>,
  args: Arguments,
  context: CliContext,
): number {
  const drawing = drawingOn(context.stderr, args, context)
  const findings = changed.findings.flatMap((each) => findingLines(each, drawing))
  if (changed.findings.some((each) => each.severity === 'error')) {
    writeLines(context.stderr, [...findings, 'Refused: nothing was printed.'])
    return EXIT.refused
  }
  const { text: manifests, uncommented } = write()
  context.stdout.write(manifests)
  const changes = changesOf(changed)
  writeLines(context.stderr, [
    ...(changes.length === 0 ? ['Nothing changes.'] : changes.map(printable)),
    ...uncommented.map((where) => `${where}: comments are lost, since an alias (*) makes one text stand for several`),
    ...findings,
  ])
  return EXIT.done
}
