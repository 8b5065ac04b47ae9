/**
 * `make docs`: takes the pictures of the documents from the real program on its simulated cluster, and writes those
 * that show something else now.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { filmed, filmOf, HURRIED } from './film.ts'
import { SCENES, takeOf } from './scenes.ts'
import { svgOf } from '../../src/view/draw/svg.ts'
import { shownBy, shownByFilm } from './shown.ts'

for (const [name, scene] of Object.entries(SCENES)) {
  const made = svgOf(await takeOf(scene))
  await keep(name, shownBy, made, async () => made)
}
await keep('release', shownByFilm, filmOf(await filmed(HURRIED)), async () => filmOf(await filmed(1)))

/** Writes a picture where it says something else than the one before. */
async function keep(name: string, shown: Shown, made: string, whole: () => Promise<string>): Promise<void> {
  const file = `docs/pictures/${name}.svg`
  const before = read(file)
  const same = before !== undefined && shown(before) === shown(made)
  if (!same) writeFileSync(file, await whole())
  console.log(`${file}: ${same ? 'as it was' : 'written'}`)
}

type Shown = (svg: string) => string

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
