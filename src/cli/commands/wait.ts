import { type Finding, rowOf } from '../../domain/findings/finding.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { AWAITED, type Awaited, type Nearness } from '../../domain/run/wait-goals.ts'
import { type Exit, EXIT } from '../../domain/run/outcome.ts'
import { GroupNotFound, MemberNotFound } from '../../execute/not-found.ts'
import { type Waited, waitFor } from '../../execute/wait-for.ts'
import { type GroupView, groupView } from '../../view/words/group-view.ts'
import { groupDocument } from '../../view/documents/documents.ts'
import { openProgress } from '../../view/words/progress-line.ts'
import { elapsed } from '../../view/draw/time.ts'
import { nextLines } from '../../view/words/finding.ts'
import { choice, duration, names } from '../line/arguments.ts'
import { type Arguments, type Command, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { whyPods } from '../group/why-pods.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { noSuchGroup, noSuchMember } from '../group/not-found.ts'
import { GROUPING, outputOption, WAITING } from '../line/options.ts'
import { TEMPLATES } from '../line/formats.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { groupLabel, placeOf, type Target, withGroup } from '../group/target.ts'
import { DEFAULT_TIMEOUT } from '../write/write.ts'

const FORMATS = ['json', 'yaml', ...TEMPLATES] as const
const NAMES = Object.keys(AWAITED) as Awaited[]

/** `wait GROUP --for=…`: until the group is so, or the time is up. */
export const wait: Command = {
  options: { ...GROUPING, ...WAITING, ...outputOption(FORMATS) },
  examples: [
    ['wait loan --for=gate --timeout 15m', 'after a deploy: until what was deployed stands at its gate'],
    ['wait loan --for=matched --timeout 1m', 'until users meet one version, and no empty Service'],
  ],
  notes: [
    ...NAMES.map((name) => `--for=${name}: ${AWAITED[name].there}.`),
    'Exits with 0 when it is so, with 6 when the time is up, with 3 when it cannot come any more: a ' +
      'version was aborted, or went live without a gate; something cannot be read; and when ' +
      'it is so, but users meet two versions or an empty Service all the same.',
    'A Degraded that may pass is waited out, and so is a deploy that has not come. Of a Deployment ' +
      'behind a workloadRef counts what the controller has seen. Nothing is written.',
  ].join('\n'),
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    const awaited = choice(args, 'for', NAMES)
    if (awaited === undefined) throw new UsageError(`wait for what? --for=${NAMES.join('|')}`)
    const timeoutMs = duration(args, 'timeout') ?? DEFAULT_TIMEOUT
    const only = names(args, 'only')
    if (only !== undefined && awaited === 'matched')
      throw new UsageError('--for=matched is about what requests meet, so about all members: leave --only out')
    return withGroup(args, context, async (target) => {
      const began = context.clock.now()
      const waited = await waitedFor(args, context, { target, awaited, only, timeoutMs })
      const { group, nearness } = waited
      const view = group && groupView(group, context.clock.now())
      if (view !== undefined && format.name !== 'text') {
        const { typed } = drawingOn(context.stdout, args, context)
        context.stdout.write(await documentText(groupDocument(view, typed), format.name, format.template))
      }
      if (nearness.state === 'there')
        return sayThere(args, context, { target, awaited, view, inWords: format.name === 'text' })
      const end = endOf(waited, elapsed(context.clock.now() - began))
      // Who interrupts a wait is not kept waiting, and who was never answered is not asked once more.
      const pods =
        waited.ended === 'timed-out' && group !== undefined
          ? await whyPods(target, drawingOn(context.stderr, args, context), context.clock, only)
          : []
      return sayWhyNot(args, context, { target, awaited, nearness, pods, ...end })
    })
  },
}

/** What is waited for. */
interface Wanted {
  readonly target: Target
  readonly awaited: Awaited
}

/** Waits, and tells for what on the way. */
async function waitedFor(
  args: Arguments,
  context: CliContext,
  {
    target,
    awaited,
    only,
    timeoutMs,
  }: Wanted & { readonly only: readonly string[] | undefined; readonly timeoutMs: number },
): Promise<Waited> {
  const { width, paint } = drawingOn(context.stderr, args, context)
  const progress = openProgress({ write: context.stderr.write, live: context.stderr.isTTY, width, paint })
  using interruption = listenForInterrupts(context)
  try {
    return await waitFor(
      { ...target, only, timeoutMs, clock: context.clock, stopping: interruption.stopping, emit: progress.show },
      awaited,
    )
  } catch (error) {
    if (error instanceof MemberNotFound) throw noSuchMember(target.group, error)
    throw error instanceof GroupNotFound ? await noSuchGroup(target, groupLabel(args, context)) : error
  } finally {
    progress.end()
  }
}

/** The group is as it was waited for: that is no success where users meet two versions all the same. */
function sayThere(
  args: Arguments,
  context: CliContext,
  { target, awaited, view, inWords }: Wanted & { readonly view: GroupView | undefined; readonly inWords: boolean },
): Exit {
  const next = view?.next === undefined ? [] : nextLines(view.next, drawingOn(context.stdout, args, context))
  const struck = (view?.plan.findings ?? []).filter(strikesUsers)
  const there = `Group ${target.group}: ${AWAITED[awaited].there}.`
  if (inWords) writeLines(context.stdout, [there, ...(struck.length === 0 ? next : [])])
  if (struck.length === 0) return EXIT.done
  writeLines(context.stderr, [...struck.map((each) => `error: ${each.sentence}`), ...next])
  return EXIT.refused
}

/** It is not as it was waited for: why, and what leads on. */
function sayWhyNot(
  args: Arguments,
  context: CliContext,
  {
    target,
    awaited,
    nearness: { state, why },
    pods,
    exit,
    words,
  }: Wanted & Ended & { readonly nearness: Missed; readonly pods: readonly string[] },
): Exit {
  const next = callOn(placeOf(target), state === 'never' ? 'check' : 'get-group')
  writeLines(context.stderr, [
    `error: ${words} group ${target.group}, --for=${awaited}: ${why}`,
    ...pods,
    ...nextLines(next, drawingOn(context.stderr, args, context)),
  ])
  return exit
}

/** How near the group came to it. */
type Missed = Exclude<Nearness, { readonly state: 'there' }>

/** How a wait ended, as the beginning of a sentence. */
interface Ended {
  readonly exit: Exit
  readonly words: string
}

/** What users meet already, which reaching the goal has not ended. */
function strikesUsers({ code, severity }: Finding): boolean {
  return rowOf(code).already === true && severity !== 'info'
}

function endOf({ ended }: Waited, after: string): Ended {
  switch (ended) {
    case 'timed-out':
      return { exit: EXIT['timed-out'], words: `timed out after ${after} waiting for` }
    case 'interrupted':
      return { exit: EXIT.interrupted, words: `interrupted after ${after} waiting for` }
    case undefined:
      return { exit: EXIT.refused, words: 'waiting does not help' }
  }
}
