/** What Node starts: of the program beside it nothing is loaded before it is needed. */
import { start } from '../../src/entry.ts'
import { printer } from './node-printer.ts'

declare const require: (name: string) => unknown

start(process.argv[1] ?? '', process.argv.slice(2), printer, () => require('./from-files.cjs'))
