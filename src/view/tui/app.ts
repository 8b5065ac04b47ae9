import { Box, render, Text, useApp, useInput, usePaste, useWindowSize, type Key } from 'ink'
import { createElement as h, useEffect, useSyncExternalStore, type ReactElement } from 'react'
import type { Exit } from '../../domain/outcome.ts'
import type { Size } from './frame.ts'

/** What the terminal is shown, and told. */
export interface Session {
  /** Another number when the screen is another. */
  version(): number
  /** The lines of the screen for a terminal of this size. */
  frame(size: Size): readonly string[]
  subscribe(listener: () => void): () => void
  /** A key by its name: `up`, `enter`, `ctrl-c`, or its character. */
  pressed(key: string): void
  /** Text that came in one piece: pasted, or faster than it was read. */
  typed(text: string): void
  attach(terminal: Terminal): void
}

/** What a session may ask of the terminal. */
export interface Terminal {
  leave(exit: Exit): void
  /** Gives the terminal away as it was found for as long as something takes, and draws it anew then. */
  givenAway(use: () => void): void
}

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Calls back when the process is about to die of an error nobody caught. */
  onCrash(listener: () => void): () => void
}

/**
 * Shows a session in the alternate screen until it is left; then the terminal is as it was, also where an error ends it.
 * @throws what went wrong while a frame was made
 */
export async function showOn({ onCrash, ...streams }: Streams, session: Session): Promise<Exit> {
  const app = render(h(App, { session }), {
    ...streams, alternateScreen: true, interactive: true, exitOnCtrlC: false, patchConsole: false, maxFps: 15, incrementalRendering: true,
  })
  const forget = onCrash(() => app.unmount())
  try {
    return await app.waitUntilExit() as Exit
  } finally {
    forget()
  }
}

function App({ session }: { readonly session: Session }): ReactElement {
  const { exit, suspendTerminal } = useApp()
  const { columns, rows } = useWindowSize()
  useSyncExternalStore(session.subscribe, session.version)
  useEffect(() => session.attach({
    leave: (how) => exit(how),
    givenAway: (use) => void suspendTerminal(async () => use()),
  }), [session, exit, suspendTerminal])
  useInput((input, key) => {
    const name = nameOf(input, key)
    if (name !== undefined) session.pressed(name)
    else if (input !== '' && !key.meta) session.typed(input)
  })
  usePaste((text) => session.typed(text))
  const lines = session.frame({ columns, rows })
  return h(Box, { flexDirection: 'column', width: columns }, lines.map((line, index) => h(Text, { key: index, wrap: 'truncate' }, line === '' ? ' ' : line)))
}

const NAMED = [
  ['upArrow', 'up'], ['downArrow', 'down'], ['leftArrow', 'left'], ['rightArrow', 'right'], ['pageUp', 'pageup'], ['pageDown', 'pagedown'],
  ['home', 'home'], ['end', 'end'], ['return', 'enter'], ['escape', 'esc'], ['backspace', 'backspace'], ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof Key, string])[]

/** The name of a key; undefined for text. */
function nameOf(input: string, key: Key): string | undefined {
  const named = NAMED.find(([property]) => key[property])
  if (named !== undefined) return named[1]
  if (key.ctrl) return `ctrl-${input}`
  return !key.meta && /^[^\p{Cc}]$/u.test(input) ? input : undefined
}
