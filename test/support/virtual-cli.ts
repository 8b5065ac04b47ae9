import { PassThrough } from 'node:stream'
import type { CliContext } from '../../src/cli/context.ts'
import type { RunCommand } from '../../src/cli/release/smoke.ts'
import { run } from '../../src/cli/run.ts'
import type { VirtualCluster } from './virtual-cluster.ts'
import { isWrite, type Match } from './virtual-request.ts'

/** What a command line came to. */
export interface Said {
  /** Undefined: it was killed. */
  readonly exit: number | undefined
  /** Everything that it has written, to standard output and standard error. */
  readonly told: string
}

/** A command takes two seconds, and `passes` or `fails`; `hangs`, or `turns` bad once it has passed twice. */
function virtualCommand(): RunCommand {
  let runs = 0
  return async (command, { limit, after, stopping }) => {
    runs += 1
    await after(command === 'hangs' ? limit : 2000, stopping)
    if (command === 'passes' || (command === 'turns' && runs <= 2)) return { ended: 'passed' }
    return { ended: command === 'hangs' ? 'hung' : 'failed', why: `it ${command}`, lastLines: [] }
  }
}

/**
 * Runs a command line to its end, as a process of its own that nobody can be asked by.
 * @param killedAfter the how many-th of its writes is its last, or the write that is
 * @param input what it can read from standard input
 * @param interruptedBy the request before which somebody presses Ctrl-C, or what it asks on a terminal, where nobody
 * answers otherwise
 */
export async function virtualCli(
  world: VirtualCluster,
  argv: readonly string[],
  killedAfter?: number | Match,
  input = '',
  interruptedBy?: Match | string,
): Promise<Said> {
  const client = world.connect()
  let told = ''
  const interrupts = new Set<() => void>()
  const interrupt = () => interrupts.forEach((each) => each())
  const asks = typeof interruptedBy === 'string'
  const write = (text: string) => {
    told += text
    // Whoever asks listens when it has asked.
    if (asks && text.includes(interruptedBy)) queueMicrotask(interrupt)
  }
  if (typeof interruptedBy === 'function') world.on('before', interruptedBy, interrupt)
  const output = { write, isTTY: false, columns: undefined }
  const stream = new PassThrough()
  if (!asks) stream.end(input)
  const context: CliContext = {
    stdout: { ...output, closed: new AbortController().signal },
    stderr: { ...output, closed: new AbortController().signal },
    stdin: { isTTY: asks, stream },
    env: {},
    homedir: '/nowhere',
    tmpdir: '/nowhere',
    user: 'ann@laptop',
    clock: client.clock,
    newRunId: () => 'run1',
    onInterrupt: (listener) => {
      interrupts.add(listener)
      return () => interrupts.delete(listener)
    },
    openCluster: async () => client.cluster,
    runCommand: virtualCommand(),
  }
  let count = 0
  if (killedAfter !== undefined)
    world.on(
      'after',
      (request) =>
        isWrite(request) && (typeof killedAfter === 'number' ? ++count === killedAfter : killedAfter(request)),
      () => client.kill(),
    )
  const exit = await world.time
    .until(Promise.race([run(argv, context), client.killed.then((): undefined => undefined)]))
    .catch((error: Error) => {
      throw new Error(`${argv.join(' ')}: ${error.message}\n${told}`)
    })
  // Signals that could still be aborted would keep all that the dead one knew.
  if (exit === undefined) interrupt()
  return { exit, told }
}
