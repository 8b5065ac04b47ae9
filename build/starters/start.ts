/** What Node and Bun start: of the program beside it they load nothing before it is needed. */
import { start } from '../../src/entry.ts'

declare const require: (name: string) => unknown

start(process.argv[1] ?? '', process.argv.slice(2), () =>
  process.versions['bun'] === undefined
    ? require('./from-files.cjs')
    : import('./kubectl-rollouts_group.mjs' as string),
)
