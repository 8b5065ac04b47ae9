import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * A process that outlives this one by a moment: when its stdin ends (we stopped, crashed or were killed), it kills the
 * processes it was told of, by their ids, and removes the directory.
 */
export interface Guardian {
  /** A directory of our own, gone when we are. */
  readonly dir: string
  watch(pid: number | undefined): void
  forget(pid: number | undefined): void
  /** True from the first `end()` on: whatever ends now is meant to. */
  readonly ending: boolean
  /** Resolves when everything is killed and removed. */
  end(): Promise<void>
}

/** Starts the guardian with a new directory to guard. */
export function startGuardian(): Guardian {
  const dir = mkdtempSync(join(tmpdir(), 'controlplane-'))
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), dir], {
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const tell = (word: string, pid: number | undefined): void => {
    if (pid !== undefined && child.stdin.writable) child.stdin.write(`${word} ${pid}\n`)
  }
  let ending = false
  return {
    dir,
    get ending() {
      return ending
    },
    watch: (pid) => tell('watch', pid),
    forget: (pid) => tell('forget', pid),
    async end() {
      ending = true
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}

function guard(dir: string): void {
  const pids = new Set<number>()
  const words = {
    watch: (pid: number) => pids.add(pid),
    forget: (pid: number) => pids.delete(pid),
  }
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [word, pid] = line.split(' ')
      words[word as keyof typeof words](Number(pid))
    })
    .on('close', () => {
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
        }
      }
      // A process that was just killed may still finish one write.
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) guard(process.argv[2] ?? '')
