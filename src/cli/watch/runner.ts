import { EXIT } from '../../domain/run/outcome.ts'
import { runVerb } from '../../execute/run.ts'
import type { GroupPlace, RunEnd, Wish } from '../../view/tui/running.ts'
import type { World } from '../../view/tui/world.ts'
import type { Whole } from '../../view/words/report-screen.ts'
import type { Arguments } from '../command.ts'
import type { CliContext, Output } from '../context.ts'
import { failureOf } from '../errors.ts'
import type { ReleasePhase } from '../release/releasing.ts'
import type { Interruption } from '../interrupt.ts'
import { DEFAULT_TIMEOUT } from '../write/write.ts'
import type { Subject } from './subject.ts'

/** Carries out what is confirmed on a live screen, one run at a time. */
export interface Runner extends Pick<World, 'run' | 'inPhases' | 'stop'> {
  /** What each run came to; of several that came to their end, what all of them did. */
  ended(): readonly Ended[]
}

interface Ended extends RunEnd {
  /** Milliseconds. */
  readonly took: number
  readonly whole?: Whole
}

/** The verbs that are several runs. */
const PHASES: Readonly<Record<string, () => Promise<readonly ReleasePhase[]>>> = {
  'undo-all': async () => (await import('../release/run-undo.ts')).UNDO_PHASES,
  settle: async () => (await import('../release/settle-phase.ts')).SETTLE_PHASES,
}

/** Opens a runner whose runs end as the signals of the process say, too. */
export function openRunner(
  args: Arguments,
  context: CliContext,
  { cluster, mode, selectorOf }: Subject,
  interruption: Interruption,
): Runner {
  const ends: Ended[] = []
  let stopping = new AbortController()
  let stopped = new AbortController()
  const timeoutMs = DEFAULT_TIMEOUT
  /** What all runs have that are begun now. */
  const begin = ({ namespace, name }: GroupPlace) => {
    ;[stopping, stopped] = [new AbortController(), new AbortController()]
    const signals = {
      stopping: AbortSignal.any([stopping.signal, interruption.stopping]),
      stopped: AbortSignal.any([stopped.signal, interruption.stopped]),
    }
    const target = { cluster, mode, scope: { namespace, selector: selectorOf(name) }, group: name }
    return { signals, target }
  }
  const { user, clock, newRunId } = context
  return {
    async run(plan, emit) {
      const began = clock.now()
      const { signals, target } = begin({ namespace: plan.namespace, name: plan.group })
      const { verb } = plan
      const confirm = async () => true
      const more = { options: {}, saved: plan, timeoutMs, user, runId: newRunId(), clock, confirm, emit }
      let last: RunEnd
      try {
        last = await runVerb({ ...target, ...signals, ...more, verb })
      } catch (error) {
        last = { plan, reports: [], exit: EXIT.failed, failure: failureOf(error, verb).lines.join(' ') }
      }
      ends.push({ ...last, took: clock.now() - began })
      return last
    },
    async inPhases({ name, to, done }: Wish, place, { confirm, emit, say }) {
      const { signals, target } = begin(place)
      const before: string[] = []
      const said = heard((words) => {
        if (plan === undefined) before.push(words)
        say(words)
      })
      const phases: Ended[] = []
      let first: number | undefined
      let began = clock.now()
      let plan: RunEnd['plan'] | undefined
      let last: RunEnd | undefined
      const ended = (end: RunEnd): void => {
        last = end
        // What was not confirmed has not been.
        if (plan !== undefined) phases.push({ ...end, took: clock.now() - began })
      }
      try {
        const [{ inPhases }, phasesOf] = await Promise.all([import('../release/releasing.ts'), PHASES[name]!()])
        await inPhases(phasesOf, {
          args: { ...args, color: 'never', ...(to !== undefined && { to }) },
          context: { ...context, stdout: said, stderr: said },
          target,
          interruption: signals,
          verb: name,
          options: { limit: timeoutMs },
          timeoutMs,
          emit,
          async confirm(asked) {
            began = clock.now()
            const yes = await confirm(asked)
            if (yes) {
              plan = asked
              first ??= began
            }
            return yes
          },
          ended: () => undefined,
          report: async (result) => ended(result),
        })
      } catch (error) {
        const failure = failureOf(error, name).lines.join(' ')
        if (plan === undefined) say(failure)
        else ended({ plan, reports: [], exit: EXIT.failed, failure })
      }
      if (last?.exit !== EXIT.done || first === undefined) ends.push(...phases)
      else ends.push({ ...last, took: clock.now() - first, whole: { done, said: before } })
      return last
    },
    stop: () => (stopping.signal.aborted ? stopped : stopping).abort(),
    ended: () => ends,
  }
}

/** An output of which each line is said. */
function heard(say: (words: string) => void): Output {
  return {
    write(text) {
      for (const line of text.split('\n')) if (line.trim() !== '') say(line.trim())
    },
    isTTY: false,
    columns: undefined,
    closed: new AbortController().signal,
  }
}
