import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { bunBinary } from '../../build/packers/bun.ts'
import { hostTarget } from '../../build/targets.ts'
import { quantile } from './timing.ts'

/** A command that is measured. */
export interface Line {
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The code it ends with; default 0. */
  readonly exit?: number
}

/** What a command used in each round: milliseconds by the clock, and of the processor, and MB at the most. */
export interface Used {
  readonly wall: readonly number[]
  readonly cpu: readonly number[]
  readonly memory: readonly number[]
}

/** With these Node parses a few hundred certificates before the first connection, whatever it connects to. */
const DEAR = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']

/**
 * Runs all in turn, round after round, so that whatever else the machine does strikes all of them alike.
 * @param warmsUp a round goes before them that does not count
 * @throws Error where one ends with another code
 */
export async function measure<T extends Readonly<Record<string, Line>>>(
  lines: T,
  rounds: number,
  warmsUp = true,
): Promise<{ readonly [name in keyof T]: Used }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !DEAR.includes(name)))
  const meter = spawn(await bunBinary(hostTarget()), ['test/bench/meter.ts'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  meter.stdin.end(JSON.stringify({ lines: Object.values(lines), rounds, warmsUp }))
  const [answer, [code]] = await Promise.all([text(meter.stdout), once(meter, 'close')])
  if (code !== 0) throw new Error(`test/bench/meter.ts ended with ${code}`)
  const used = JSON.parse(answer) as readonly Used[]
  return Object.fromEntries(Object.keys(lines).map((name, index) => [name, used[index]!])) as {
    readonly [name in keyof T]: Used
  }
}

/** The middle of a command's rounds. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
