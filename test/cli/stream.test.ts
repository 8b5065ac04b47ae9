import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../controlplane/run.ts'

const STREAM = new URL('../../src/cli/terminal/stream.ts', import.meta.url).href

describe('an output that is a pipe', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'stream-'))))
  afterEach(() => rmSync(dir, { recursive: true }))

  /** What comes through a pipe to a reader, who is told `go` when the program comes to it. */
  async function piped(program: string, reader: string): Promise<string> {
    const script = join(dir, 'program.mjs')
    writeFileSync(script, `import { openStream } from ${JSON.stringify(STREAM)}\n${program}`)
    execFileSync('mkfifo', [join(dir, 'go')])
    const { code, stdout, stderr } = await run(
      '/bin/sh',
      ['-c', `"$0" "$1" 2>&1 | { ${reader}; }`, process.execPath, script],
      {
        env: { GO: join(dir, 'go') },
      },
    )
    assert.deepEqual([code, stderr], [0, ''])
    return stdout
  }

  it('gets what two outputs write to it in the order in which it was written', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index}\n`)
    const program = `
      const outputs = [openStream(1), openStream(2)]
      for (let index = 0; index < 300; index += 1) outputs[index % 2].write(index + '\\n')`
    assert.equal(await piped(program, 'cat'), lines.join(''))
  })

  const MUCH = 1_000_000
  const writesMuch = `
    import { writeFile } from 'node:fs/promises'
    const output = openStream(1)
    output.write('x'.repeat(${MUCH}))
    await writeFile(process.env.GO, 'go\\n')
    output.write('end')
    await output.flushed()
    process.exit(0)`

  it('stops nothing else while its reader does not read', async () =>
    assert.equal(await piped(writesMuch, 'read -r go <"$GO"; wc -c'), `${MUCH + 3}\n`))

  it('gets all, though it is set not to wait until there is room again', async () =>
    assert.equal(await piped(`process.stdout.isTTY\n${writesMuch}`, 'read -r go <"$GO"; wc -c'), `${MUCH + 3}\n`))
})
