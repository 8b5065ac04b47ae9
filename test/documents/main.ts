/** Writes the pages of the documents that are made of the program's own help, and of the tests' tables. */

import { writeFileSync } from 'node:fs'
import { BESIDE_KUBECTL, besideKubectl } from './beside-kubectl.ts'
import { commandPages } from './pages.ts'

for (const [file, text] of [...(await commandPages()), [BESIDE_KUBECTL, besideKubectl()] as const]) {
  writeFileSync(file, text)
  console.log(`${file}: written`)
}
