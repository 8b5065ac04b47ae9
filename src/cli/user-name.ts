import { readFileSync } from 'node:fs'

/** Asks the system for a user's name, as it knows it from a directory service too; undefined where it cannot tell. */
export type AskSystem = (command: string, words: readonly string[]) => string | undefined

/**
 * The name of a user, by its number: what the environment says of it may be another's. A container's user need not have
 * one. Bun's `userInfo()` believes the environment (1.4.5), so that it is not asked there.
 * @param ask runs a command, where the list of users does not have it
 */
export function userNameOf(uid: number, ask: AskSystem, list = '/etc/passwd'): string {
  return nameIn(list, uid) ?? ask('id', ['-un', String(uid)]) ?? `uid-${uid}`
}

function nameIn(list: string, uid: number): string | undefined {
  try {
    const users = readFileSync(list, 'utf8').split('\n')
    const name = users.map((line) => line.split(':')).find((fields) => fields[2] === String(uid))?.[0]
    return name === '' ? undefined : name
  } catch {
    // There is no such list.
    return undefined
  }
}
