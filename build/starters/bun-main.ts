/** What a program of Bun's starts with, once the launcher beside it (bun.sh) has said how. */
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from '../../src/entry.ts'

// Under Bun the second word is a path inside the program.
process.argv[1] = 'kubectl-rollouts_group'
// They are for this process, and not for those it starts.
for (const name of Object.keys(process.env)) if (name.startsWith('BUN_JSC_')) delete process.env[name]
if (process.env['ROLLOUTS_GROUP_NO_DIRECTORY'] !== undefined) leaveDirectory()

start(process.argv[1], process.argv.slice(2), () => import('./kubectl-rollouts_group.mjs' as string))

/** Into one that has been removed, as the one it was called in: there no name leads to a file. */
function leaveDirectory(): void {
  delete process.env['ROLLOUTS_GROUP_NO_DIRECTORY']
  try {
    const dir = mkdtempSync(join(tmpdir(), 'rollouts-group-'))
    process.chdir(dir)
    rmdirSync(dir)
  } catch (error) {
    console.error(`error: this directory has been removed, and there is no other (TMPDIR): ${(error as Error).message}`)
    process.exit(1)
  }
}
