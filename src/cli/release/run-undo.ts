import { isWaiting } from '../../domain/checks/context.ts'
import { ours } from '../../domain/checks/say.ts'
import type { PastRelease } from '../../domain/group/past-releases.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { isBackAtOnce } from '../../domain/release/bring-back.ts'
import { isPinned, liveVersions } from '../../domain/release/release-name.ts'
import { isSettling } from '../../domain/release/settle.ts'
import { undoAhead } from '../../domain/release/undo-ahead.ts'
import { lostParts, movesBack, type Undoing, undoing } from '../../domain/release/undo.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import { findingLines, nextLines } from '../../view/words/finding.ts'
import { FILES_TO_RELEASE } from '../../view/words/files-to-release.ts'
import { undoOutline } from '../../view/words/outlines.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { on, withGroup } from '../group/target.ts'
import { flag, text } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { runWriting } from '../write/write.ts'
import { deployTemplates, withPast, type WithPast } from './old-templates.ts'
import { onFailure } from './on-failure.ts'
import {
  mustBeThere,
  outcomeOf,
  promoteToEnd,
  type ReleasePhase,
  readAgain,
  type Releasing,
  runPhases,
} from './releasing.ts'
import { lookedFirst, timed } from './run-abort.ts'
import { settle } from './settle-phase.ts'

/**
 * Brings a release of the past back, as a release like any other: settled, its pod templates deployed under a fresh
 * name to their gates, promoted, and settled again where its consumers are wired to preview Services.
 * @returns the exit code @throws UsageError, ClusterError, NoGroup
 */
export function runUndo(args: Arguments, context: CliContext): Promise<number> {
  if (flag(args, 'fast')) return runFast(args, context)
  const outline = () => undoOutline(onFailure(args))
  return runPhases(args, context, [...UNDO_PHASES, sayFilesDiffer], { verb: 'undo-all', deed: 'Undo', outline })
}

/**
 * Old pods that still run take their users back at once, where nobody else has been promoted after them.
 * @throws UsageError where it is said what to go back to
 */
function runFast(args: Arguments, context: CliContext): Promise<number> {
  if (text(args, 'to') !== undefined)
    throw new UsageError('--fast goes back to the pods that users have just left: leave out --to')
  return withGroup(args, context, async (target) => {
    const shared = on(target.cluster, context)
    const back = { ...args, 'undo-promoted': true }
    const options = timed(back, context)
    const group = await lookedFirst(target, context, options)
    if (isBackAtOnce(group, options)) return runWriting(back, shared, 'abort-all', {})
    writeLines(context.stderr, [
      'error: --fast takes users back while a release is half promoted, and the pods that they have left stay for a ' +
        'while yet; that is not so, and without it the pods are new:',
      ...nextLines(ours({ group }, 'undo-all'), drawingOn(context.stderr, args, context)),
    ])
    return EXIT.refused
  })
}

/** Consumers that the last release has left on preview Services would be struck by this one. */
async function settleBefore(releasing: Releasing): Promise<Exit | undefined> {
  const { members } = await readAgain(releasing)
  return members.some((each) => isWaiting(each) && !isSettling(each)) ? undefined : settle(releasing)
}

/** What there is to go back to, as the cluster shows it now. @throws ClusterError */
async function lookedBack(releasing: Releasing): Promise<LookedBack> {
  const past = await withPast(releasing)
  return { ...past, undo: undoing(past.group, text(releasing.args, 'to'), past.workloads) }
}

interface LookedBack extends WithPast {
  readonly undo: Undoing
}

/** Before anything is asked it is said which release comes back, where that is sure to move anybody, or why none can. */
async function lookBack(releasing: Releasing): Promise<Exit | undefined> {
  const looked = await lookedBack(releasing)
  const { undo, group } = looked
  if (undo.state === 'found') {
    const { release, origin, id, alike } = undo
    releasing.foresee(undoAhead(group, undo))
    const back = `back to release ${origin}, as ${id}: ${movesBack(group, release)}`
    if (!alike) writeLines(releasing.context.stderr, [printable(back)])
  }
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
      const { name, inPart, toItsEnd } = undo
      const why = toItsEnd
        ? `users are on a part of release ${name} that cannot be brought back alone, since it calls itself through ` +
          'Services in front of next versions; take them to all of it, and then undo that:'
        : inPart
          ? `users are on a part of release ${name}; bring them back, and withdraw it:`
          : `release ${name} waits, and users are not on it; withdraw it, or say --to=NAME to replace it:`
      const verb = toItsEnd ? 'promote-all' : 'abort-all'
      return say(why, nextLines(ours({ group }, verb, ...(inPart && !toItsEnd ? ['--undo-promoted'] : [])), drawing))
    }
    case 'lost':
      writeLines(context.stderr, findingLines(lostParts(group, undo.release), drawing))
      return EXIT.refused
    case 'there':
    case 'found':
      return undefined
  }
}

function sayThere(releasing: Releasing, { group, undo }: LookedBack): void {
  const { args, context } = releasing
  if (undo.state !== 'there') return
  const { name, origin, before, waits } = undo
  const on = name === origin ? name : `${origin} (as ${name})`
  writeLines(outcomeOf(releasing), [printable(`Group ${group.name}: nothing to undo, users are on release ${on}.`)])
  const drawing = drawingOn(context.stderr, args, context)
  if (waits !== undefined)
    writeLines(context.stderr, [
      printable(`Release ${waits} waits, and users are not on it; to withdraw it:`),
      ...nextLines(ours({ group }, 'abort-all'), drawing),
    ])
  if (before !== undefined)
    writeLines(context.stderr, [
      printable(`To leave it for release ${before} again:`),
      ...nextLines(ours({ group }, 'undo-all', `--to=${before}`), drawing),
    ])
}

/** Where users are on it already nobody is promoted: what waits is another release. */
async function bringOld(releasing: Releasing): Promise<Exit | undefined> {
  const looked = await lookedBack(releasing)
  const { undo } = looked
  sayThere(releasing, looked)
  if (undo.state !== 'found') return noWayBack(releasing, looked)
  releasing.begins('deploy')
  const stopped = await deployTemplates(releasing, looked, undo, { onFailure: onFailure(releasing.args) })
  const ended = stopped ?? (await promoteToEnd(releasing))
  if (ended === undefined && releasing.isIdle()) sayAlike(releasing, looked.group, undo.release)
  return ended
}

/** Of its pod templates, wired as users are, nothing was new. */
function sayAlike(releasing: Releasing, { name }: Group, release: PastRelease): void {
  const why = `release ${release.name} differs from what users are on in nothing but its wiring`
  writeLines(outcomeOf(releasing), [printable(`Group ${name}: nothing to undo, ${why}.`)])
}

/** What brings a release of the past back. */
export const UNDO_PHASES: readonly ReleasePhase[] = [mustBeThere, lookBack, settleBefore, bringOld, settle]

/** Files that know nothing of the release would be applied over it without a word. */
async function sayFilesDiffer(releasing: Releasing): Promise<undefined> {
  if (releasing.isIdle()) return
  const group = await readAgain(releasing)
  if (!isPinned(group)) return
  writeLines(releasing.context.stderr, [
    printable(`Put ${liveVersions(group)} back into your files. ${FILES_TO_RELEASE}`),
  ])
}
