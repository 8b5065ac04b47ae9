import { userInfo, homedir, hostname, tmpdir } from 'node:os'
import { basename } from 'node:path'
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { CliContext, Terminal } from './cli/context.ts'
import { finish, workingDirectory } from './cli/terminal/process.ts'
import { openStream } from './cli/terminal/stream.ts'

function terminal(): Terminal | undefined {
  const { stdin, stdout, stderr } = process
  // What stays open for hours collects its garbage when a half more than is in use has gathered, not three times as
  // much.
  setFlagsFromString('--heap-growing-percent=50')
  return stdin.isTTY && stdout.isTTY
    ? {
        stdin,
        stdout,
        stderr,
        // 0 is the process group: a shell's job, kubectl or what else may wait for us included.
        suspend: () => void process.kill(0, 'SIGTSTP'),
        onResize(listener) {
          process.on('SIGWINCH', listener)
          return () => void process.off('SIGWINCH', listener)
        },
      }
    : undefined
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container's user need not have a name.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

const stdout = openStream(process.stdout, 1)
const stderr = openStream(process.stderr, 2)

const context: CliContext = {
  stdout,
  stderr,
  stdin: {
    get isTTY() {
      return process.stdin.isTTY === true
    },
    get stream() {
      return process.stdin
    },
  },
  terminal,
  env: process.env,
  homedir: homedir(),
  tmpdir: tmpdir(),
  user: `${userName()}@${hostname()}`,
  clock: { now: Date.now, after: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }) },
  newRunId: () => randomBytes(5).toString('hex'),
  onInterrupt(listener) {
    const signals = ['SIGINT', 'SIGTERM', ...(process.platform === 'win32' ? [] : (['SIGHUP'] as const))] as const
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  openCluster: async (flags) => (await import('./cluster/kube.ts')).openCluster(flags),
}

/** Under the name by which kubectl looks for a plugin's completions, the program gives those. */
const completes = basename(process.argv[1] ?? '').startsWith('kubectl_complete-')

workingDirectory()
// Loaded only now: what it loads asks for the working directory.
const { run } = await import('./cli/run.ts')
const exit = await run([...(completes ? ['__complete'] : []), ...process.argv.slice(2)], context)
finish(exit, stdout, stderr)
