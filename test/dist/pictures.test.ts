import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { filmed, filmOf, HURRIED } from '../pictures/film.ts'
import { SCENES, takeOf } from '../pictures/scenes.ts'
import { shownBy, shownByFilm } from '../pictures/shown.ts'
import { svgOf } from '../../src/view/draw/svg.ts'

describe('the pictures of the documents', function () {
  this.timeout(60_000)
  // A release goes on while it is looked at; a busy machine may look too late.
  this.retries(2)
  for (const [name, scene] of Object.entries(SCENES)) {
    it(`${name}.svg shows what the program shows (otherwise: make docs)`, async () => {
      assert.equal(shownBy(readFileSync(`docs/pictures/${name}.svg`, 'utf8')), shownBy(svgOf(await takeOf(scene))))
    })
  }

  it('release.svg shows a session as the program answers in it (otherwise: make docs)', async () => {
    const film = readFileSync('docs/pictures/release.svg', 'utf8')
    assert.equal(shownByFilm(film), shownByFilm(filmOf(await filmed(HURRIED))))
    assert.ok(film.length < 150_000)
    assert.doesNotMatch(film, /<script|href="[^#]/)
  })
})
