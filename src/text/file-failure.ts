/** The words of Go, and so of kubectl, where Node has others. */
const WORDS: { readonly [code: string]: string } = {
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
}

/** Why a file could not be opened or read, as kubectl says it: `open /x: permission denied`. */
export function fileFailure(error: unknown, path: string): string {
  const { code = '', syscall = 'open', message } = error as NodeJS.ErrnoException
  return `${syscall} ${path}: ${WORDS[code] ?? /^\w+: (.*?), \w+/.exec(message)?.[1] ?? message}`
}
