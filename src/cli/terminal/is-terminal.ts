import { fstatSync, type Stats, statSync } from 'node:fs'

/**
 * Whether a file descriptor is a terminal's. Only a device of characters can be one, and not the one for nothing: what
 * knows more takes Bun 5 ms to load.
 */
export function isTerminal(fd: number): boolean {
  const stats = statsOf(() => fstatSync(fd))
  if (stats !== undefined && !stats.isCharacterDevice()) return false
  if (stats !== undefined && stats.rdev === statsOf(() => statSync('/dev/null'))?.rdev) return false
  return process.getBuiltinModule('node:tty').isatty(fd)
}

/** Undefined where it cannot be told. */
function statsOf(ask: () => Stats): Stats | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}
