import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { performance } from 'node:perf_hooks'
import { startSilentServer } from '../support/api-server.ts'
import { quantile } from './timing.ts'

/** What a command is ended by, while a server says nothing. */
const CASES = [
  { line: 'get-group', by: 'SIGINT' },
  { line: 'promote-all loan --yes', by: 'SIGINT' },
  { line: 'wait loan --for=gate', by: 'SIGINT' },
  { line: 'get-group --request-timeout=1s', by: 1000 },
  { line: 'promote-all loan --yes --timeout=1s', by: 1000 },
  { line: '__complete get-group', by: 2000 },
] as const

/**
 * Milliseconds from a signal, or from a limit, to the end of a command whose server accepts and is silent.
 * @returns the median and the slowest of so many rounds, by what was done
 */
export async function endings(
  program: string,
  rounds: number,
): Promise<readonly (readonly [string, number, number])[]> {
  const found: (readonly [string, number, number])[] = []
  for (const { line, by } of CASES) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await ending(program, line, by))
    found.push([`${line}, after ${by === 'SIGINT' ? 'Ctrl-C' : 'its limit'}`, quantile(times, 0.5), Math.max(...times)])
  }
  return found
}

async function ending(program: string, line: string, by: 'SIGINT' | number): Promise<number> {
  const server = await startSilentServer()
  try {
    const words = [...line.split(' '), `--server=${server.url}`, '--insecure-skip-tls-verify']
    const env = { PATH: process.env['PATH'], HOME: tmpdir() }
    const child = spawn(program, [...words, ...(line.startsWith('__') ? [''] : [])], { env, stdio: 'ignore' })
    await server.accepted
    const start = performance.now()
    if (by === 'SIGINT') child.kill(by)
    await once(child, 'exit')
    // A limit began a little before the server was reached: what is measured is at least what a person waits.
    return performance.now() - start - (by === 'SIGINT' ? 0 : by)
  } finally {
    await server.close()
  }
}
