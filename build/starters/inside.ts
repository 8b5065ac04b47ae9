/** Where a binary says which modules each of its scripts holds: JSON, names by the script's name. */
export const SCRIPTS = 'scripts.json'

/** Where it has what V8 made of a script. */
export function codeCacheOf(script: string): string {
  return `${script}.cache`
}
