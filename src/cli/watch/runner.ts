import { EXIT, type Report } from '../../domain/run/outcome.ts'
import { runVerb } from '../../execute/run.ts'
import type { GroupPlace, RunEnd } from '../../view/tui/running.ts'
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

/** The verbs that are several runs; of abort-all where users who were promoted come back first. */
const PHASES: Readonly<Record<string, () => Promise<readonly ReleasePhase[]>>> = {
  'abort-all': async () => (await import('../release/run-abort.ts')).BACK_PHASES,
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
        const { lines, exit } = failureOf(error, verb)
        last = { plan, reports: [], exit, failure: lines.join(' ') }
      }
      const ended = { ...last, took: clock.now() - began }
      ends.push(ended)
      return ended
    },
    async inPhases(wish, place, { confirm, emit, say, foresee, begins }) {
      const { name, to, undoPromoted } = wish
      const { signals, target } = begin(place)
      const before: string[] = []
      let since: string[] = before
      const said = heard((words) => {
        since.push(words)
        say(words)
      })
      /** Of runs that were carried out: what was not confirmed has not been. */
      const steps: Report[] = []
      let confirmed: number | undefined
      let plan: RunEnd['plan'] | undefined
      let last: RunEnd | undefined
      const ended = (end: RunEnd): void => {
        last = { ...end, before: steps.filter((each) => each.outcome === 'done').length }
        if (plan !== undefined) steps.push(...end.reports)
      }
      try {
        const [{ inPhases }, phasesOf] = await Promise.all([import('../release/releasing.ts'), PHASES[name]!()])
        const exit = await inPhases(phasesOf, {
          args: { ...args, color: 'never', to, 'undo-promoted': undoPromoted },
          context: { ...context, stdout: said, stderr: said },
          target,
          interruption: signals,
          verb: name,
          options: { limit: timeoutMs, ...(undoPromoted === true && { undoPromoted }) },
          timeoutMs,
          emit,
          async confirm(asked) {
            const yes = await confirm(asked)
            if (yes) {
              plan = asked
              confirmed ??= clock.now()
              since = []
            }
            return yes
          },
          foresee,
          begins,
          planned: () => undefined,
          because: () => undefined,
          ended: () => undefined,
          report: async (result) => ended(result),
        })
        // A phase that has no run says itself why it ends all.
        if (plan !== undefined && exit !== EXIT.done && last?.exit === EXIT.done)
          ended({ plan, reports: [], exit, failure: since.join(' ') })
      } catch (error) {
        const { lines, exit } = failureOf(error, name)
        if (plan === undefined) say(lines.join(' '))
        else ended({ plan, reports: [], exit, ...(exit !== EXIT.interrupted && { failure: lines.join(' ') }) })
      }
      if (last === undefined || confirmed === undefined) return last
      const all = { ...last, took: clock.now() - confirmed }
      ends.push({ ...all, whole: { ...wish, said: before } })
      return all
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
