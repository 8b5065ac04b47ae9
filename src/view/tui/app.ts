import { Box, render, Text, useApp, useInput, usePaste, useStdin, useWindowSize, type Key } from 'ink'
import { createElement as h, useEffect, useMemo, useSyncExternalStore, type ReactElement } from 'react'
import type { Exit } from '../../domain/run/outcome.ts'
import type { Size } from './frame.ts'
import { layoutReady } from './layout-engine.ts'

/** What the terminal is shown, and told. */
export interface Session {
  /** Another number when the screen is another. */
  version(): number
  /** The lines of the screen for a terminal of this size. */
  frame(size: Size): readonly string[]
  subscribe(listener: () => void): () => void
  /** The screen must be drawn anew. */
  changed(): void
  /**
   * Keys by their names: `up`, `enter`, `ctrl-c`, or their characters; several where they came faster than they were
   * read.
   */
  pressed(keys: readonly string[]): void
  /** Text that was pasted. */
  pasted(text: string): void
  attach(terminal: ScreenTerminal): void
  /** Runs with the terminal given away, once there is one that is drawn on. */
  lend<T>(use: () => Promise<T>): Promise<T>
  /** The terminal is given away. */
  isLent(): boolean
}

/** What a session may ask of the terminal. */
export interface ScreenTerminal {
  leave(exit: Exit): void
  /** Gives the terminal away as it was found while something is done, and draws it anew then. */
  givenAway(use: () => void): void
  /** The same for as long as another process needs it, its keys included. */
  lent(use: () => Promise<void>): void
}

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Calls back whenever the terminal's size has changed, also where it is again what it was. */
  onResize(listener: () => void): () => void
}

/**
 * Shows a session in the alternate screen until it is left; then the terminal is as it was, also where an error ends
 * it.
 * @throws what went wrong while a frame was made
 */
export async function showOn({ onResize, ...streams }: Streams, session: Session): Promise<Exit> {
  // What it has against a mode is nothing to stop at: a terminal that is gone takes none, and the session is told that.
  const refused = () => {}
  streams.stdin.on('error', refused)
  // From now on, so that nothing that is typed before the first frame is echoed into it.
  streams.stdin.setRawMode(true)
  await layoutReady
  // The session paces what the cluster changes; what a key does must not wait for that.
  const app = render(h(App, { session }), {
    ...streams,
    alternateScreen: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 200,
    incrementalRendering: true,
  })
  const forget = onResize(() => {
    if (!session.isLent()) app.clear()
    session.changed()
  })
  try {
    return (await app.waitUntilExit()) as Exit
  } finally {
    forget()
    streams.stdin.setRawMode(false)
    streams.stdin.off('error', refused)
  }
}

function App({ session }: { readonly session: Session }): ReactElement {
  const { exit, suspendTerminal } = useApp()
  const { stdin } = useStdin()
  const { columns, rows } = useWindowSize()
  // Whoever wants the terminal while another has it gets it then: two keys may come at once.
  const inTurn = useMemo(() => {
    let last = Promise.resolve()
    return (use: () => Promise<void>): void => void (last = last.then(() => suspendTerminal(use)))
  }, [suspendTerminal])
  useSyncExternalStore(session.subscribe, session.version)
  useEffect(
    () =>
      session.attach({
        leave: (how) => exit(how),
        givenAway: (use) => inTurn(async () => use()),
        lent: (use) =>
          inTurn(async () => {
            // A listener for `readable` is gone, but what is typed would be read all the same: Node's own standard
            // input
            // stops where it hears of a pause, and begins again where it is asked to read.
            stdin.emit('pause')
            await use()
            ;(stdin as NodeJS.ReadStream)._read(0)
          }),
      }),
    [session, exit, inTurn, stdin],
  )
  useInput((input, key) => session.pressed(namesOf(input, key)))
  usePaste((text) => session.pasted(text))
  const lines = session.frame({ columns, rows })
  return h(
    Box,
    { flexDirection: 'column', width: columns },
    lines.map((line, index) => h(Text, { key: index, wrap: 'truncate' }, line === '' ? ' ' : line)),
  )
}

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof Key, string])[]

const CONTROLS: { readonly [character: string]: string } = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u001b': 'esc',
}

/** The names of keys that came together. */
function namesOf(input: string, key: Key): readonly string[] {
  const named = NAMED.find(([property]) => key[property])
  if (named !== undefined) return [named[1]]
  if (key.ctrl) return [`ctrl-${input}`]
  return key.meta
    ? []
    : [...input].map(
        (each) => CONTROLS[each] ?? (each < ' ' ? `ctrl-${String.fromCharCode(each.charCodeAt(0) + 0x60)}` : each),
      )
}
