/** Control characters, line breaks, and the marks that turn the direction of text around. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const KNOWN: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text of a server as one line that no terminal acts on: ESC is shown as `^[` and CR as `\r`, as kubectl shows them
 * (k8s.io/cli-runtime, printers/terminal.go), line feeds, tabs, C1 controls and direction marks as escapes.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    if (character in KNOWN) return KNOWN[character]!
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    return code === 0x7f ? '^?' : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
