import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ClusterError } from '../../cluster/port.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { SCENARIOS } from '../../sim/scenarios.ts'
import type { Sim } from '../../sim/start-sim.ts'
import { fileFailure } from '../../text/file-failure.ts'
import { wrap } from '../../view/draw/width.ts'
import { flag, text, texts } from '../line/arguments.ts'
import { type Arguments, type Command, UsageError } from '../command.ts'
import { COMMANDS } from '../line/verbs.ts'
import type { CliContext, VerbContext } from '../context.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { liveTerminal } from '../terminal/live-terminal.ts'
import { writeLines } from '../terminal/output.ts'
import { quoted, typedAs, wordsOf } from '../group/target.ts'
import { didYouMean } from '../line/suggest.ts'
import { unknownVerb } from '../line/unknown-verb.ts'

/** `demo [SCENARIO] [VERB…]`: an embedded simulated cluster, for a look around, for one verb, or to serve. */
export const demo: Command = {
  options: {
    serve: { type: 'boolean', describe: 'keep the cluster running and write a kubeconfig for it', group: 'Demo:' },
    script: {
      type: 'boolean',
      describe: 'play, unattended, two releases of a group that nobody wired, a mistake, a way back',
      group: 'Demo:',
    },
    port: { type: 'string', requiresArg: true, describe: 'port to serve on (default: a free one)', group: 'Demo:' },
  },
  examples: [
    ['demo', 'the live screen of a group; in a pipeline: show, promote, show again'],
    ['demo --script', 'two releases of a group that nobody wired, a mistake, and a way back'],
    ['demo miswired check', 'the classic mistake, found before anything is sent'],
    ['demo legacy promote-all', 'show the plan, ask, and switch users over'],
    ['demo canary --serve', 'a cluster to play with; plain kubectl works on it, too'],
  ],
  notes:
    `Scenarios:\n${Object.values(SCENARIOS).flatMap(scenarioLines).join('\n')}\n\nEach call ` +
    'starts a cluster of its own, on this machine, with nothing installed.',
  async run(args, context) {
    const scenario = scenarioNamed(text(args, 'scenario') ?? (flag(args, 'script') ? 'plain' : 'legacy'))
    const words = texts(args, '--')
    if ([flag(args, 'serve'), flag(args, 'script'), words.length > 0].filter(Boolean).length > 1)
      throw new UsageError('either --serve, or --script, or a verb to run')
    if (flag(args, 'script') && scenario !== 'plain') throw new UsageError('--script plays the scenario plain')
    const { startSim } = await import('../../sim/start-sim.ts')
    // A signal that nobody listens for would end the process, and leave the directory behind.
    using interruption = listenForInterrupts(context)
    // Half a minute of old pods is of no interest in a story.
    const timeScale = flag(args, 'script') ? 10 : 1
    const sim = await startSim({ scenario, timeScale, ...portOf(args) })
    const dir = await directoryIn(context.tmpdir).catch(async (error: unknown) => {
      await sim.stop()
      throw error
    })
    try {
      const kubeconfig = join(dir, 'kubeconfig')
      await writeFile(kubeconfig, sim.kubeconfig(), { mode: 0o600 })
      if (interruption.stopping.aborted) return EXIT.interrupted
      if (flag(args, 'serve')) return await serve(sim, kubeconfig, context, interruption.stopping)
      const inside = inDemo(context, scenario, kubeconfig)
      const work = flag(args, 'script')
        ? play(dir, inside, interruption.stopping)
        : words.length > 0
          ? context.run(withGroup(words, sim.group), inside)
          : liveTerminal(context) === undefined
            ? lookAround(sim, inside)
            : context.run(['get-group', sim.group, '-w'], inside)
      return await Promise.race([work, stopped(interruption.stopped)])
    } finally {
      await sim.stop()
      await rm(dir, { recursive: true, force: true })
    }
  },
}

/** Where the kubeconfig of the demo is. @throws ClusterError, reason Configuration, where nothing can be written */
async function directoryIn(tmpdir: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir, 'rollouts-group-demo-'))
  } catch (error) {
    const why = fileFailure(error, tmpdir)
    throw new ClusterError('Configuration', `the demo has nowhere to write its kubeconfig (TMPDIR): ${why}`, {
      cause: error,
    })
  }
}

/** Resolves when somebody asks for the second time to stop. */
async function stopped(signal: AbortSignal): Promise<number> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  return EXIT.interrupted
}

/** The name, and beside it what is to be seen, broken here: whoever wraps help knows no columns. */
function scenarioLines({ name, summary }: { readonly name: string; readonly summary: string }): string[] {
  return wrap(summary, 62).map((line, index) => `  ${(index === 0 ? name : '').padEnd(14)}${line}`)
}

/** The scenarios there are, each with the name of its group. */
export function scenarios(): readonly { readonly name: string; readonly summary: string; readonly group: string }[] {
  return Object.values(SCENARIOS)
}

function scenarioNamed(name: string): string {
  const names = Object.keys(SCENARIOS)
  if (names.includes(name)) return name
  const said = `there is no scenario ${JSON.stringify(name)}; there are ${names.join(', ')}`
  const meant = didYouMean(name, names)
  throw meant === '' ? unknownVerb(name, said) : new UsageError(`${said}${meant}`)
}

function portOf(args: Arguments): { port?: number } {
  const port = text(args, 'port')
  if (port === undefined) return {}
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port ${JSON.stringify(port)} is no port`)
  return { port: Number(port) }
}

/** A verb that needs a group gets the scenario's, where none is named. */
function withGroup(words: readonly string[], group: string): readonly string[] {
  const [verb = '', ...rest] = words
  const needs = COMMANDS.find((each) => each.name === verb)?.arguments.startsWith('GROUP') === true
  const named =
    rest.some(
      (each, index) => !each.startsWith('-') && (index === 0 || !/^-(?!-?y(es)?$)[^=]*$/.test(rest[index - 1]!)),
    ) || rest.some((each) => /^(-l|--selector)/.test(each))
  return needs && !named ? [verb, group, ...rest] : words
}

/** The process as a verb sees it whose cluster is the demo's, whatever this machine is configured for. */
function inDemo(context: VerbContext, scenario: string, kubeconfig: string): VerbContext {
  return {
    ...context,
    env: { ...context.env, KUBECONFIG: kubeconfig },
    typed: (call) =>
      call.tool === 'kubectl'
        ? typedAs({})(call)
        : ['kubectl rollouts-group demo', scenario, ...wordsOf(call).map(quoted)].join(' '),
    openCluster: (flags) => context.openCluster({ ...flags, kubeconfig }),
  }
}

/** The main job in three screens. */
async function lookAround({ group }: Sim, context: VerbContext): Promise<number> {
  let exit = 0
  for (const words of [
    ['get-group', group],
    ['promote-all', group, '--yes'],
    ['get-group', group],
  ]) {
    writeLines(context.stdout, [`$ kubectl rollouts-group ${words.map(quoted).join(' ')}`])
    exit = await context.run(words, context)
    writeLines(context.stdout, [''])
    if (exit !== EXIT.done) return exit
  }
  writeLines(context.stdout, [
    'Go on:  kubectl rollouts-group demo --help   (more scenarios, or a cluster to play with: --serve)',
  ])
  return exit
}

/**
 * Plays the story of the scenario `plain` until a command ends otherwise than it does in the story.
 * @param directory where it may write @returns the exit code of that command
 */
async function play(directory: string, context: VerbContext, stopping: AbortSignal): Promise<number> {
  const { STORY } = await import('../../sim/scenarios/story.ts')
  for (const { say, words, file, exit: wanted } of STORY) {
    if (stopping.aborted) return EXIT.interrupted
    writeLines(context.stdout, [`# ${say}`, `$ kubectl rollouts-group ${words.map(quoted).join(' ')}`])
    const path = file && join(directory, file.name)
    if (file !== undefined)
      await writeFile(path!, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: file.manifests }))
    const exit = await context.run(
      words.map((each) => (each === file?.name ? path! : each)),
      context,
    )
    if (exit !== wanted) return exit
    writeLines(context.stdout, [''])
  }
  return EXIT.done
}

async function serve(sim: Sim, kubeconfig: string, context: CliContext, stopping: AbortSignal): Promise<number> {
  writeLines(context.stdout, [
    `a simulated cluster serves on ${sim.url} until Ctrl-C; in another terminal:`,
    '',
    `  export KUBECONFIG=${kubeconfig}`,
    '  kubectl get rollouts',
    `  kubectl rollouts-group get-group ${sim.group}`,
    `  kubectl rollouts-group promote-all ${sim.group}`,
    `  kubectl rollouts-group release ${sim.group} -f FILE`,
    '',
    `the current namespace is ${sim.namespace}, where group ${sim.group} is; ` +
      'manifests of your own go into one of theirs:',
    '',
    '  kubectl create namespace mine',
    '  kubectl apply -n mine -f FILE',
    '  kubectl rollouts-group wait GROUP -n mine --for=healthy',
    '  kubectl rollouts-group release GROUP -n mine -f FILE',
  ])
  const { promise, resolve } = Promise.withResolvers<void>()
  AbortSignal.any([stopping, context.stdout.closed]).addEventListener('abort', () => resolve(), { once: true })
  await promise
  return EXIT.done
}
