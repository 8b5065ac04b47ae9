import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { type Session, showOn, type Streams, type ScreenTerminal } from '../../../src/view/tui/app.ts'

/** A terminal that only remembers what was written to it, and a session that only remembers what it was told. */
class Scene {
  written = ''
  raw: boolean[] = []
  readonly told: string[] = []
  readonly stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => {
      this.raw.push(on)
    },
    ref: () => {},
    unref: () => {},
  })
  readonly #stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 40, rows: 5 })
  readonly #waiting = new Set<() => void>()
  terminal: ScreenTerminal | undefined

  constructor() {
    this.#stdout.on('data', (data: Buffer) => {
      this.written += data.toString()
      this.#look()
    })
  }

  show(frame: Session['frame']): Promise<unknown> {
    const session: Session = {
      frame,
      version: () => 1,
      subscribe: () => () => {},
      changed: () => {},
      pressed: (keys) => this.#tell(keys.join(' ')),
      pasted: (text) => this.#tell(`pasted ${text}`),
      attach: (terminal) => {
        this.terminal = terminal
      },
      lend: (use) => use(),
      isLent: () => false,
    }
    return showOn(
      { stdin: this.stdin, stdout: this.#stdout, stderr: this.#stdout, onResize: () => () => {} } as unknown as Streams,
      session,
    )
  }

  until(isSo: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      if (isSo()) resolve()
    }
    this.#waiting.add(look)
    look()
    return promise.finally(() => this.#waiting.delete(look))
  }

  #tell(what: string): void {
    this.told.push(what)
    this.#look()
  }

  #look(): void {
    for (const look of [...this.#waiting]) look()
  }
}

/** What a terminal sends, and the keys it is. */
const SENT: readonly (readonly [sent: string, keys: string])[] = [
  ['\u001b[A', 'up'],
  ['\u001b[B', 'down'],
  ['\u001b[5~', 'pageup'],
  ['\u001b[6~', 'pagedown'],
  ['\u001b[H', 'home'],
  ['\u001b[F', 'end'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\u007f', 'backspace'],
  ['\u001b[3~', 'backspace'],
  ['\u001b', 'esc'],
  ['\u001b[D', 'left'],
  ['\u001b[C', 'right'],
  ['\u0003', 'ctrl-c'],
  ['\u001a', 'ctrl-z'],
  ['\u000c', 'ctrl-l'],
  ['j', 'j'],
  ['?', '?'],
  ['jjj', 'j j j'],
  ['loan\r', 'l o a n enter'],
  ['é', 'é'],
  ['\u001bj', ''],
  ['\u001b[200~copy\u001b[201~', 'pasted copy'],
]

describe("the live screen's terminal", () => {
  it("shows the session's lines in the alternate screen, and is left as it was", async () => {
    const scene = new Scene()
    const shown = scene.show(({ columns, rows }) => [`a screen of ${columns} by ${rows}`])
    await scene.until(() => scene.written.includes('a screen of 40 by 5') && scene.terminal !== undefined)
    assert.match(scene.written, /^\u001b\[\?1049h/)
    assert.equal(scene.raw[0], true)
    scene.terminal!.leave(0)
    assert.equal(await shown, 0)
    assert.match(scene.written, /\u001b\[\?1049l(\u001b\[\?25h)+$/)
    assert.equal(scene.raw.at(-1), false)
  })

  it('is left where it takes no mode any more, as one that is gone does', async () => {
    const scene = new Scene()
    const shown = scene.show(() => [])
    await scene.until(() => scene.terminal !== undefined)
    scene.stdin.setRawMode = () => void scene.stdin.emit('error', new Error('setRawMode EIO'))
    scene.terminal!.leave(130)
    assert.equal(await shown, 130)
  })

  it('is left as it was where a frame cannot be made, and says why', async () => {
    const scene = new Scene()
    await assert.rejects(
      scene.show(() => {
        throw new Error('a mistake')
      }),
      /a mistake/,
    )
    assert.match(scene.written, /\u001b\[\?1049l(\u001b\[\?25h)+$/)
    assert.equal(scene.raw.at(-1), false)
  })

  for (const [sent, keys] of SENT) {
    it(`knows ${JSON.stringify(sent)} as ${keys === '' ? 'no key' : keys}`, async () => {
      const scene = new Scene()
      const shown = scene.show(() => [])
      await scene.until(() => scene.terminal !== undefined)
      scene.stdin.write(sent)
      await scene.until(() => scene.told.length > 0)
      scene.terminal!.leave(0)
      await shown
      assert.deepEqual(scene.told, [keys])
    })
  }
})
