/** Writes the pages of the documents that are made of the program's own help. */

import { writeFileSync } from 'node:fs'
import { commandPages } from './pages.ts'

for (const [file, text] of await commandPages()) {
  writeFileSync(file, text)
  console.log(`${file}: written`)
}
