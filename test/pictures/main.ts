/**
 * `make docs`: takes the pictures of the documents from the real program on its simulated cluster, and writes those
 * that show something else now.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { SCENES, takeOf } from './scenes.ts'
import { svgOf } from '../../src/view/draw/svg.ts'
import { shownBy } from './shown.ts'

for (const [name, scene] of Object.entries(SCENES)) {
  const file = `docs/pictures/${name}.svg`
  const made = svgOf(await takeOf(scene))
  const before = read(file)
  const same = before !== undefined && shownBy(before) === shownBy(made)
  if (!same) writeFileSync(file, made)
  console.log(`${file}: ${same ? 'as it was' : 'written'}`)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
