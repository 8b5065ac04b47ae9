import { isWaiting } from '../../domain/checks/context.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { lostParts, undoing, wiringOf } from '../../domain/release/undo.ts'
import { isSettling } from '../../domain/release/settle.ts'
import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import { printable } from '../../text/printable.ts'
import { findingLines, nextLines } from '../../view/words/finding.ts'
import { discover, withOldConfigs } from '../../watch/discover.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { deploymentFor } from '../../execute/deploy/deployment-for.ts'
import { labelsIn } from '../write/deployment.ts'
import { carryOut, mustBeThere, onFailure, promoteToEnd, readAgain, type Releasing, runPhases } from './releasing.ts'
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
  return runPhases(args, context, [mustBeThere, settleBefore, deployOld, promoteToEnd, settle], {
    deed: 'Undo',
    outline,
  })
}

/** Consumers that the last release has left on preview Services would be struck by this one. */
async function settleBefore(releasing: Releasing): Promise<Exit | undefined> {
  const { members } = await readAgain(releasing)
  return members.some((each) => isWaiting(each) && !isSettling(each)) ? undefined : settle(releasing)
}

async function deployOld(releasing: Releasing): Promise<Exit | undefined> {
  const { args, context, target, interruption, options } = releasing
  const signal = interruption.stopping
  const found = await discover(target.cluster, target.scope, signal)
  const group = readGroup(await withOldConfigs(target.cluster, target.scope, found, signal), target.group, target.mode)
  const undo = undoing(group, text(args, 'to'), await workloadsOf(target.cluster, group, signal))
  const next = (...words: readonly string[]) =>
    nextLines(
      callOn({ group: group.name, namespace: group.namespace }, ...words),
      drawingOn(context.stderr, args, context),
    )
  switch (undo.state) {
    case 'none':
      writeLines(context.stderr, [printable(`error: ${undo.why}`)])
      return EXIT.refused
    case 'under-way': {
      const { name, inPart } = undo
      const why = inPart
        ? `users are on a part of release ${name}; bring them back, and withdraw it:`
        : `release ${name} waits, and users are not on it; withdraw it, or say --to=NAME to replace it:`
      writeLines(context.stderr, [
        printable(`error: ${why}`),
        ...next('abort-all', ...(inPart ? ['--undo-promoted'] : [])),
      ])
      return EXIT.refused
    }
    case 'there': {
      const { name, origin, before } = undo
      const on = name === origin ? name : `${origin} (as ${name})`
      writeLines(context.stdout, [printable(`Group ${group.name}: nothing to undo, users are on release ${on}.`)])
      if (before !== undefined)
        writeLines(context.stderr, ['To go forth again:', ...next('undo-all', `--to=${before}`)])
      return undefined
    }
    case 'lost':
      writeLines(context.stderr, findingLines(lostParts(group, undo.release), drawingOn(context.stderr, args, context)))
      return EXIT.refused
    case 'found': {
      const labels = labelsIn(target.scope.selector)
      const asked = {
        manifests: undo.manifests,
        aim: { group: group.name, namespace: group.namespace, labels, mode: group.mode, include: [] },
        wiring: choice(args, 'wiring', ['preview', 'pinned']) ?? wiringOf(group),
        release: undo.id,
        trustHost: flag(args, 'trust-host'),
        options,
      }
      writeLines(context.stderr, [printable(`back to release ${undo.release.name}`)])
      const deployment = await deploymentFor(target.cluster, found, asked, signal)
      return carryOut(releasing, releasing.run('deploy-all', { deployment, onFailure: onFailure(args) }))
    }
  }
}
