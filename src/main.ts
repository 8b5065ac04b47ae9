import { existsSync } from 'node:fs'
import { userInfo, homedir, hostname, tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import manifest from '../package.json' with { type: 'json' }
import type { CliContext, Terminal } from './cli/context.ts'
import { isTerminal } from './cli/terminal/is-terminal.ts'
import { openStream } from './cli/terminal/stream.ts'
import { userNameOf } from './cli/user-name.ts'
import { asked } from './text/asked.ts'

/** Where the runtime is Bun, not Node. */
const { Bun } = globalThis as { readonly Bun?: { gc(atOnce: boolean): void } }

/** Milliseconds between two looks at how much memory is in use. */
const LOOK = 5000

/** Bun lets as much garbage gather as is in use, and more where that is outside its heap: a tenth is enough. */
function collectBy(gc: (atOnce: boolean) => void): void {
  const inUse = process.memoryUsage.rss
  let least = inUse()
  const look = (): void => {
    if (inUse() > 1.1 * least) {
      gc(true)
      least = inUse()
    } else least = Math.min(least, inUse())
  }
  setInterval(look, LOOK).unref()
}

function terminal(): Terminal | undefined {
  // What stays open for hours collects its garbage when a half more than is in use has gathered, not three times as
  // much.
  process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=50')
  if (Bun !== undefined) collectBy(Bun.gc)
  // It would end the process before the terminal is as it was, or open Node's debugger over the screen.
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined)
  return isTerminal(0) && isTerminal(1)
    ? {
        stdin: openStdin(),
        stdout: process.stdout,
        stderr: process.stderr,
        // 0 is the process group: a shell's job, kubectl or what else may wait for us included.
        suspend: () => void process.kill(0, 'SIGTSTP'),
        onResize(listener) {
          process.on('SIGWINCH', listener)
          return () => void process.off('SIGWINCH', listener)
        },
      }
    : undefined
}

/** Where neither HOME nor the list of users says it, there is none: nothing is found in `/.kube`. */
function home(): string {
  try {
    return homedir()
  } catch {
    return '/'
  }
}

function userName(): string {
  const uid = process.geteuid?.()
  return uid === undefined ? userInfo().username : userNameOf(uid, asking)
}

function asking(command: string, words: readonly string[]): string | undefined {
  const { status, stdout } = process.getBuiltinModule('node:child_process').spawnSync(command, words)
  return status === 0 ? stdout.toString().trim() || undefined : undefined
}

/** Only who reads it opens it. */
let stdin: typeof process.stdin | undefined

function openStdin(): typeof process.stdin {
  return (stdin ??= process.stdin)
}

const stdout = openStream(1, () => process.stdout)
const stderr = openStream(2, () => process.stderr)

/** As kubectl's: name, version, and Go's words for the platform. */
const USER_AGENT =
  `kubectl-rollouts_group/v${manifest.version} ` +
  `(${process.platform === 'win32' ? 'windows' : process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch})`

const onBun = Bun !== undefined

/** Only who writes is asked for it. */
let user: string | undefined

const context: CliContext = {
  stdout,
  stderr,
  stdin: {
    get isTTY() {
      return isTerminal(0)
    },
    get stream() {
      return openStdin()
    },
  },
  terminal,
  env: process.env,
  homedir: home(),
  tmpdir: tmpdir(),
  get user() {
    return (user ??= `${userName()}@${hostname()}`)
  },
  clock: { now: Date.now, after: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }) },
  newRunId: () => process.getBuiltinModule('node:crypto').randomBytes(5).toString('hex'),
  onInterrupt(listener) {
    const signals = ['SIGINT', 'SIGTERM', ...(process.platform === 'win32' ? [] : (['SIGHUP'] as const))] as const
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  signalGroup: process.platform === 'win32' ? undefined : (first, signal) => void process.kill(-first, signal),
  plugins: { sharesStderr: () => true },
  openCluster: async (flags) =>
    (await import('./cluster/kube.ts')).openCluster({ userAgent: USER_AGENT, onBun, ...flags }),
}

/** Lets the process go on where its working directory has been removed: nothing but names in it needs that. */
function workingDirectory(): void {
  try {
    process.cwd()
  } catch {
    process.cwd = () => '/'
  }
}

/**
 * Ends the process with a command's exit code, once all is written; 1 in place of 0 where what was asked for could not
 * be written.
 */
async function finish(exit: number): Promise<never> {
  await stdout.flushed()
  const lost = stdout.lost()
  if (lost !== undefined) stderr.write(`error: standard output could not be written: ${lost}\n`)
  process.exitCode = exit === 0 && lost !== undefined ? 1 : exit
  // What was read from a terminal would keep the process alive.
  if (stdin?.isTTY) stdin.unref()
  await stderr.flushed()
  // A name that the C library still looks up would keep it, too, as long as a name server is silent: no call takes it
  // back, and each other way to end waits for it.
  if (process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap') && existsSync('/bin/sh')) {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${process.exitCode}`], {})
  }
  // Where all is written, what would still go on, a last collection of garbage too, is of use to nobody.
  process.exit()
}

/** Runs the command line, and ends the process. */
async function main(): Promise<never> {
  workingDirectory()
  // Loaded only now: what it loads asks for the working directory.
  const { run } = await import('./cli/run.ts')
  return finish(await run(asked(process.argv[1] ?? '', process.argv.slice(2)), context))
}

// What ends before it is done has failed.
process.exitCode = 1
void main()
