import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Guardian } from './guardian.ts'

/** A program of the control plane that runs, its output in a log file. */
export interface Component {
  readonly name: string
  /** Resolves when the process has ended, however it ended. */
  readonly exited: Promise<string>
  /** Ends it at once (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>
  /** The last lines of its log. */
  tail(): string
}

/** Starts a program under the guardian's eye. Its log is appended to `<dir>/<name>.log`. */
export function startComponent(
  guardian: Guardian,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Component {
  const name = basename(program)
  const log = join(guardian.dir, `${name}.log`)
  const output = openSync(log, 'a')
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: guardian.dir,
    env: { ...process.env, ...env },
  })
  closeSync(output)
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      guardian.forget(child.pid)
      resolve(signal ?? `exit code ${code}`)
    })
  })
  guardian.watch(child.pid)
  const tail = (): string => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
  let meant = false
  void exited.then((how) => {
    if (!meant && !guardian.ending) process.stderr.write(`${name} ended by itself: ${how}\n${tail()}\n`)
  })
  return {
    name,
    exited,
    async kill() {
      meant = true
      child.kill('SIGKILL')
      await exited
    },
    tail,
  }
}

/** Asks until the component answers. @throws Error quoting its log, when it ends first or 60 s pass */
export async function ready(component: Component, probe: () => Promise<unknown>): Promise<void> {
  let ended: string | undefined
  void component.exited.then((how) => (ended = how))
  const deadline = Date.now() + 60_000
  for (;;) {
    let reason: unknown
    try {
      await probe()
      return
    } catch (error) {
      reason = error
    }
    const failure = ended ?? (Date.now() > deadline ? `no answer in 60 s (${reason})` : undefined)
    if (failure) throw new Error(`${component.name} did not start: ${failure}\n${component.tail()}`, { cause: reason })
    await delay(20)
  }
}
