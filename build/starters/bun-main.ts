/** What a program of Bun's starts with, once the launcher beside it (bun.sh) has said how. */
import { start } from '../../src/entry.ts'

declare const require: NodeJS.Require

// Under Bun the second word is a path inside the program.
process.argv[1] = 'kubectl-rollouts_group'

start(process.argv[1], process.argv.slice(2), () => {
  if (process.env['BUN_DIRECTORY_GONE'] !== undefined) leaveDirectory()
  // What the launcher has set is for this process, and not for those it starts.
  for (const name of Object.keys(process.env)) if (name.startsWith('BUN_')) delete process.env[name]
  return import('./kubectl-rollouts_group.mjs' as string)
})

/** Into one that has been removed, as the one it was called in: there no name leads to a file. */
function leaveDirectory(): void {
  // Needed here alone; each takes its time to load.
  const [{ mkdtempSync, rmdirSync }, { tmpdir }, { join }] = [
    require('node:fs'),
    require('node:os'),
    require('node:path'),
  ]
  try {
    const dir = mkdtempSync(join(tmpdir(), 'rollouts-group-'))
    process.chdir(dir)
    rmdirSync(dir)
  } catch (error) {
    console.error(`error: this directory has been removed, and there is no other (TMPDIR): ${(error as Error).message}`)
    process.exit(1)
  }
}
