import { isWaiting } from '../../domain/checks/context.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { isSettling } from '../../domain/release/settle.ts'
import { lostParts, type Undoing, undoing, wiringOf } from '../../domain/release/undo.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { type Group, readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { printable } from '../../text/printable.ts'
import { findingLines, nextLines } from '../../view/words/finding.ts'
import { discover, withOldConfigs } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { deploymentFor } from '../../execute/deploy/deployment-for.ts'
import { labelsIn } from '../group/target.ts'
import {
  carryOut,
  mustBeThere,
  onFailure,
  promoteToEnd,
  type ReleasePhase,
  readAgain,
  type Releasing,
  runPhases,
} from './releasing.ts'
import { settle, workloadsOf } from './settle-phase.ts'

/**
 * Brings a release of the past back, as a release like any other: settled, its pod templates deployed under a fresh
 * name to their gates, promoted, and settled again where its consumers are wired to preview Services.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export function runUndo(args: Arguments, context: CliContext): Promise<number> {
  const outline =
    'phases: settle where consumers are on preview Services → deploy the old pod templates to the gates → promote ' +
    `to the end → settle; a failure ${onFailure(args) === 'abort' ? 'withdraws what waits' : 'stops where it is'}`
  return runPhases(args, context, UNDO_PHASES, { verb: 'undo-all', deed: 'Undo', outline })
}

/** Consumers that the last release has left on preview Services would be struck by this one. */
async function settleBefore(releasing: Releasing): Promise<Exit | undefined> {
  const { members } = await readAgain(releasing)
  return members.some((each) => isWaiting(each) && !isSettling(each)) ? undefined : settle(releasing)
}

/** What there is to go back to, as the cluster shows it now. @throws ClusterError */
async function lookedBack({ args, target, interruption }: Releasing): Promise<LookedBack> {
  const signal = interruption.stopping
  const found = await discover(target.cluster, target.scope, signal)
  const group = readGroup(await withOldConfigs(target.cluster, target.scope, found, signal), target.group, target.mode)
  return { found, group, undo: undoing(group, text(args, 'to'), await workloadsOf(target.cluster, group, signal)) }
}

interface LookedBack {
  readonly found: Snapshot
  readonly group: Group
  readonly undo: Undoing
}

/** Before anything is asked it is said which release comes back, or why none can. */
async function lookBack(releasing: Releasing): Promise<Exit | undefined> {
  const looked = await lookedBack(releasing)
  const { undo } = looked
  if (undo.state === 'found') writeLines(releasing.context.stderr, [printable(`back to release ${undo.release.name}`)])
  return noWayBack(releasing, looked)
}

/** Why no release can come back; undefined where one can, or is there. */
function noWayBack({ args, context }: Releasing, { group, undo }: LookedBack): Exit | undefined {
  const drawing = drawingOn(context.stderr, args, context)
  const say = (words: string, leadsOn: readonly string[] = []): Exit => {
    writeLines(context.stderr, [printable(`error: ${words}`), ...leadsOn])
    return EXIT.refused
  }
  switch (undo.state) {
    case 'none':
      return say(undo.why)
    case 'under-way': {
      const { name, inPart } = undo
      const why = inPart
        ? `users are on a part of release ${name}; bring them back, and withdraw it:`
        : `release ${name} waits, and users are not on it; withdraw it, or say --to=NAME to replace it:`
      return say(why, nextLines(callOn(placeOf(group), 'abort-all', ...(inPart ? ['--undo-promoted'] : [])), drawing))
    }
    case 'lost':
      writeLines(context.stderr, findingLines(lostParts(group, undo.release), drawing))
      return EXIT.refused
    case 'there':
    case 'found':
      return undefined
  }
}

function placeOf({ name, namespace }: Group) {
  return { group: name, namespace }
}

function sayThere({ args, context }: Releasing, { group, undo }: LookedBack): void {
  if (undo.state !== 'there') return
  const { name, origin, before } = undo
  const on = name === origin ? name : `${origin} (as ${name})`
  writeLines(context.stdout, [printable(`Group ${group.name}: nothing to undo, users are on release ${on}.`)])
  if (before === undefined) return
  const forth = nextLines(
    callOn(placeOf(group), 'undo-all', `--to=${before}`),
    drawingOn(context.stderr, args, context),
  )
  writeLines(context.stderr, ['To go forth again:', ...forth])
}

async function deployOld(releasing: Releasing): Promise<Exit | undefined> {
  const { args, target, interruption, options } = releasing
  const looked = await lookedBack(releasing)
  const { found, group, undo } = looked
  sayThere(releasing, looked)
  if (undo.state !== 'found') return noWayBack(releasing, looked)
  const labels = labelsIn(target.scope.selector)
  const asked = {
    manifests: undo.manifests,
    aim: { group: group.name, namespace: group.namespace, labels, mode: group.mode, include: [] },
    wiring: choice(args, 'wiring', ['preview', 'pinned']) ?? wiringOf(group),
    release: undo.id,
    trustHost: flag(args, 'trust-host'),
    options,
  }
  const deployment = await deploymentFor(target.cluster, found, asked, interruption.stopping)
  return carryOut(releasing, releasing.run('deploy-all', { deployment, onFailure: onFailure(args) }))
}

/** What brings a release of the past back. */
export const UNDO_PHASES: readonly ReleasePhase[] = [
  mustBeThere,
  lookBack,
  settleBefore,
  deployOld,
  promoteToEnd,
  settle,
]
