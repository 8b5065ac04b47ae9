import type { Readable } from 'node:stream'
import type { Typed } from '../domain/findings/remedy.ts'
import type { ConnectionFlags } from '../cluster/flags.ts'
import type { Cluster } from '../cluster/port.ts'
import type { Clock } from '../execute/context.ts'
import type { RunCommand } from './release/smoke.ts'

/** A stream that a person or a pipeline reads. Once its reader is gone what is written is dropped. */
export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  /** Of the terminal, now; undefined where it is none. */
  readonly columns: number | undefined
  /** Aborted when the reader is gone. */
  readonly closed: AbortSignal
}

/** A terminal on both ends, for a screen that is live. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Stops this process and all of its job, as Ctrl-Z does where nobody catches it; returns when it goes on. */
  suspend(): void
  /** Calls back whenever the terminal's size has changed, also where it is again what it was. */
  onResize(listener: () => void): () => void
}

/** All that the command line knows of the process it runs in. */
export interface CliContext {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: { readonly isTTY: boolean; readonly stream: Readable }
  /** The terminal, where standard input and output are one. */
  readonly terminal?: (() => Terminal | undefined) | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homedir: string
  readonly tmpdir: string
  /** `user@host`, for the lock and the audit trail. */
  readonly user: string
  readonly clock: Clock
  newRunId(): string
  /** Calls back at each SIGINT or SIGTERM until the answer is called. */
  onInterrupt(listener: () => void): () => void
  /** Sends a signal to a group of processes, by the first of them; absent where the system has none. */
  readonly signalGroup?: ((first: number, signal: NodeJS.Signals) => void) | undefined
  /** How what somebody has found out by a command of their own is run; absent: by the shell, as a process. */
  readonly runCommand?: RunCommand | undefined
  /** How credential plugins use the terminal; absent: what they say is kept for their failure. */
  readonly plugins?: Pick<ConnectionFlags, 'sharesStderr' | 'lendTerminal'> | undefined
  /** Told each request with its answer. */
  readonly hear?: ConnectionFlags['hear']
  /** Told what else a log holds: the plan in one line. */
  readonly note?: ((words: string) => void) | undefined
  /** How a command is typed to reach this cluster, where flags do not say it. */
  readonly typed?: Typed | undefined
  openCluster(flags: ConnectionFlags): Promise<Cluster>
}

/** What a verb gets: the process, and a way to run another command line in it. */
export interface VerbContext extends CliContext {
  run(argv: readonly string[], context: CliContext): Promise<number>
}
