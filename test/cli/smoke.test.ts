import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runSmoke, type Smoked } from '../../src/cli/release/smoke.ts'

const never = (_milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** Runs a smoke test to its end. @returns how it ended, with the lines that it wrote */
async function smoked(
  command: string,
  more: { readonly limit?: number; readonly after?: typeof never; readonly stopping?: AbortSignal } = {},
): Promise<Smoked & { readonly lines: readonly string[] }> {
  const lines: string[] = []
  const ended = await runSmoke(command, {
    env: { PATH: process.env['PATH'], RG_GROUP: 'loan' },
    limit: more.limit ?? 0,
    after: more.after ?? never,
    signalGroup: (first, signal) => void process.kill(-first, signal),
    stopping: more.stopping ?? new AbortController().signal,
    say: (line) => lines.push(line),
  })
  return { ...ended, lines }
}

describe('a smoke test', () => {
  it('passes where the command ends well, and is given its environment', async () =>
    assert.deepEqual(await smoked('echo $RG_GROUP'), { ended: 'passed', lines: ['loan'] }))

  it('fails with the exit code of the command, and its last lines', async () => {
    const { lines, ...ended } = await smoked('i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; exit 3')
    assert.equal(lines.length, 30)
    assert.deepEqual(ended, { ended: 'failed', why: 'it ended with exit code 3', lastLines: lines.slice(10) })
  })

  it('shows what a terminal would act on as text', async () =>
    assert.deepEqual((await smoked("printf '\\033[2Jgone'")).lines, ['^[[2Jgone']))

  it('fails where the shell does not find it, in the words of the shell', async () => {
    const ended = await smoked('no-such-command-anywhere')
    assert.equal(ended.ended, 'failed')
    assert.match(ended.lines.join('\n'), /no-such-command-anywhere/)
  })

  it('says which signal has ended it', async () =>
    assert.equal(((await smoked('kill -KILL $$')) as { why: string }).why, 'it was ended by SIGKILL'))

  it('says what the shell says by its exit code', async () =>
    assert.equal(
      ((await smoked('./no-such-command')) as { why: string }).why,
      'its command was not found (exit code 127)',
    ))

  const dir = mkdtempSync(join(tmpdir(), 'smoke-'))
  after(() => rmSync(dir, { recursive: true }))
  const STARTED: readonly (readonly [name: string, command: (fifo: string) => string, ended: Smoked['ended']])[] = [
    ['where it hangs', (fifo) => `exec 3> ${fifo}; sleep 600 >&3 & sleep 600 >&3`, 'hung'],
    ['where it would not be ended', (fifo) => `trap '' TERM; exec 3> ${fifo}; sleep 600 >&3 & sleep 600 >&3`, 'hung'],
    ['where it was left running', (fifo) => `exec 3> ${fifo}; sleep 600 >&3 & exit 0`, 'passed'],
  ]
  for (const [index, [name, command, end]] of STARTED.entries())
    it(`is ended with all that it has started, ${name}`, async () => {
      const fifo = join(dir, `${index}`)
      execFileSync('mkfifo', [fifo])
      const held = open(fifo)
      const ended = await smoked(command(fifo), {
        limit: end === 'hung' ? 1000 : 0,
        after: (_milliseconds, _signal) => held.then(() => undefined),
      })
      assert.equal(ended.ended, end)
      // It ends once nobody has it open who could write to it.
      const pipe = (await held).createReadStream()
      pipe.resume()
      await once(pipe, 'end')
    })

  it('is ended where it hangs', async () => {
    const ended = await smoked('exec sleep 600', { limit: 2000, after: async () => undefined })
    assert.deepEqual(ended, {
      ended: 'hung',
      why: 'it has not ended within 2 s, and was ended',
      lastLines: [],
      lines: [],
    })
  })

  it('keeps nobody waiting who interrupts it', async () => {
    const stopping = new AbortController()
    const ended = smoked('exec sleep 600', { stopping: stopping.signal })
    await setTimeout(0)
    stopping.abort(new Error('interrupted'))
    await assert.rejects(ended, /interrupted/)
  })
})
