import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asked } from '../support/asked.ts'
import { liveScreens, type Opened, type OpenOptions } from '../support/live-screen.ts'
import { KEY } from '../support/terminal.ts'

/**
 * What a person had on the terminal before: more than a screen, in colours, with wide characters, the cursor in the
 * middle of a line.
 */
const BEFORE = `for each in $(seq 1 60); do printf '\\033[3%dmline %d\\033[0m 漢字 \\033[1mbold\\033[0m\\n' $((each % 8)) $each; done; printf 'half a line'`

/** With this a signal brings about a mistake of ours: an error that nobody catches. */
const CRASHING = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent("process.on('SIGUSR2', () => { throw new Error('a mistake') })")}`,
}

/** Old pods stay long enough for a run to be met while it waits for them. */
const UNHURRIED = { timeScale: 1 }

describe('leaving the live screen', function () {
  this.timeout(60_000)
  const { open, dir } = liveScreens()
  const pidFile = join(dir, 'pid')

  /** Runs in a shell that has a history; resolves when the first frame is shown. */
  async function inShell(
    options: OpenOptions = {},
  ): Promise<Opened & { readonly before: string; pid(): number; left(): Promise<void> }> {
    const { terminal, sim } = await open('legacy', {
      ...options,
      script: (command) => `stty -echo; ${BEFORE}; before=$(stty -g); printf '\\033]0;ready\\007'; read go
        sh -c 'echo $$ > ${pidFile}; exec ${command}' 2>${join(dir, 'stderr')}; code=$?
        [ "$before" = "$(stty -g)" ] && printf '\\033]0;left\\007'; read end; exit $code`,
    })
    const told = (word: string) => terminal.until(() => terminal.written.includes(`\u001b]0;${word}\u0007`))
    await told('ready')
    const before = terminal.history()
    terminal.type(KEY.enter)
    await terminal.shows(/quit$/)
    assert.equal(terminal.isAlternate, true)
    return { terminal, sim, before, pid: () => Number(readFileSync(pidFile, 'utf8')), left: () => told('left') }
  }

  const leaves = (
    what: string,
    exit: number,
    leave: (opened: Awaited<ReturnType<typeof inShell>>) => void,
    options: OpenOptions = {},
  ) =>
    it(`by ${what} leaves the terminal as it was, its history byte for byte, its modes, and the code ${exit}`, async () => {
      const opened = await inShell(options)
      const { terminal, before } = opened
      leave(opened)
      await opened.left()
      assert.equal(terminal.history(), before)
      assert.doesNotMatch(terminal.written, /\u001b\[3J|\u001bc/, 'the scrollback is never erased')
      assert.doesNotMatch(terminal.written, /\u001b\[\?(9|100[0-6]|1015)h/, "the mouse is the terminal's")
      assert.match(terminal.written, /\u001b\[\?25h[^]*left/, 'the cursor is shown again')
      terminal.type(KEY.enter)
      assert.equal(await terminal.exit, exit)
    })

  leaves('q', 0, ({ terminal }) => terminal.type('q'))
  leaves('Ctrl-C', 130, ({ terminal }) => terminal.type(KEY.ctrlC))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    leaves(signal, 130, ({ pid }) => void process.kill(pid(), signal))
  leaves('q after SIGUSR1', 0, ({ terminal, pid }) => {
    process.kill(pid(), 'SIGUSR1')
    terminal.type('q')
  })
  leaves('q after many sizes', 0, ({ terminal }) => {
    for (const [columns, rows] of [
      [100, 30],
      [60, 10],
      [80, 24],
    ] as const)
      terminal.resize(columns, rows)
    terminal.type('q')
  })
  leaves('a crash', 1, ({ pid }) => void process.kill(pid(), 'SIGUSR2'), { env: CRASHING })

  it('by a crash says what happened on the screen of the shell', async () => {
    const { terminal } = await open('legacy', { env: CRASHING })
    await terminal.shows(/quit$/)
    terminal.kill('SIGUSR2')
    assert.equal(await terminal.exit, 1)
    assert.equal(terminal.isAlternate, false)
    assert.match(terminal.text(), /Error: a mistake/)
  })

  it('brings what was written to standard error meanwhile, which the screen was spared', async () => {
    const { terminal } = await open('legacy', { words: ['loan', '-v=6'] })
    await terminal.shows(/quit$/)
    terminal.type(KEY.enter)
    await terminal.shows(/Events +none/)
    assert.match(terminal.lines()[0]!, /^Group loan/)
    assert.doesNotMatch(terminal.text(), /GET/)
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
    assert.match(terminal.text(), /GET .*\/events/)
  })

  it('for good happens where the terminal is gone', async () => {
    const { terminal } = await open('legacy')
    await terminal.shows(/quit$/)
    terminal.hangUp()
    await terminal.exit
  })

  it('ends what it forwards, also where the terminal is gone', async () => {
    const { terminal } = await open('legacy', { columns: 120 })
    await terminal.shows(/quit$/)
    terminal.type('f')
    await terminal.shows(/my-frontend next +http:\/\/127\.0\.0\.1:\d+ +2\.0 behind frontend-preview/)
    const port = Number(/next +http:\/\/127\.0\.0\.1:(\d+)/.exec(terminal.text())![1])
    assert.match(await asked(port), /APP_VERSION=2\.0/)
    terminal.hangUp()
    await terminal.exit
    assert.equal(await asked(port), 'ECONNREFUSED')
  })

  it('for the background with Ctrl-Z gives the terminal back, and fg brings the screen, which still answers', async () => {
    const { terminal } = await open('legacy', {
      script: (command) =>
        `set -m; stty -echo; printf 'my shell\\n'; ${command}; printf 'stopped %d\\n' $?; stty -a | grep -o -- ' -*icanon'; read go; fg >/dev/null; printf 'over %d\\n' $?; read end`,
    })
    await terminal.shows(/quit$/)
    terminal.type(KEY.ctrlZ)
    await terminal.shows(/^my shell\n[^]*stopped 148\n icanon/)
    assert.equal(terminal.isAlternate, false)
    terminal.type(KEY.enter)
    await terminal.shows(/^Group loan[^]*quit$/)
    assert.equal(terminal.isAlternate, true)
    terminal.type(KEY.down)
    await terminal.shows(/▸ └ my-backend/)
    terminal.type('q')
    await terminal.shows(/over 0/)
  })

  it('by Ctrl-C while a run goes on stops the run first: once nothing new is started, and the report stays on the screen', async () => {
    const { terminal } = await inShell(UNHURRIED)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('y')
    await terminal.shows(/old pods of 1\.0 left/)
    terminal.type(KEY.ctrlC)
    await terminal.shows(/Group loan partly promoted: 1 of 2/)
    assert.equal(terminal.isAlternate, true)
  })

  it('by a signal while a run goes on ends the run, frees its lock, and prints what it came to', async () => {
    const { terminal, sim, pid, left } = await inShell(UNHURRIED)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('y')
    await terminal.shows(/old pods of 1\.0 left/)
    assert.equal(sim.store.list('leases', { namespace: sim.namespace }).length, 1)
    process.kill(pid(), 'SIGTERM')
    await left()
    assert.match(terminal.text(), /Group loan partly promoted: 1 of 2/)
    assert.deepEqual(sim.store.list('leases', { namespace: sim.namespace }), [])
    terminal.type(KEY.enter)
    assert.equal(await terminal.exit, 130)
  })
})
