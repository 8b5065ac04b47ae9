/** What a program of Bun's starts with, once the launcher beside it (bun.sh) has said how. */
import { type Printer, start } from '../../src/entry.ts'

declare const require: NodeJS.Require
declare const Bun: {
  readonly stdout: unknown
  write(to: unknown, text: string): Promise<number>
}

// Under Bun the second word is a path inside the program.
process.argv[1] = 'kubectl-rollouts_group'

/** Node's ways to write and to ask for columns take longer than all the rest of what is printed at once. */
const printer: Printer = {
  columns: () => (process.env['BUN_TERMINAL'] === undefined ? undefined : process.stdout.columns),
  print: (text, otherwise) => void Bun.write(Bun.stdout, text).then(undefined, otherwise),
}

start(process.argv[1], process.argv.slice(2), printer, () => {
  if (process.env['BUN_DIRECTORY'] !== undefined) goBack(Number(process.env['BUN_DIRECTORY']))
  // What the launcher has set is for this process, and not for those it starts.
  for (const name of Object.keys(process.env)) if (name.startsWith('BUN_')) delete process.env[name]
  return import('./kubectl-rollouts_group.mjs' as string)
})

/**
 * Into the directory in which the program was called, which has been removed, and is open still. Bun's own way there
 * wants to know its name, and it has none.
 */
function goBack(descriptor: number): void {
  const { dlopen, suffix } = require('bun:ffi') as Ffi
  const system = dlopen(suffix === 'dylib' ? 'libSystem.B.dylib' : 'libc.so.6', {
    fchdir: { args: ['int'], returns: 'int' },
  })
  if (system.symbols.fchdir(descriptor) !== 0) {
    console.error('error: this directory has been removed: go to another one')
    process.exit(1)
  }
  require('node:fs').closeSync(descriptor)
}

/** What is needed of bun:ffi (bun.com/docs/api/ffi). */
interface Ffi {
  readonly suffix: string
  dlopen(library: string, symbols: object): { readonly symbols: { fchdir(descriptor: number): number } }
}
