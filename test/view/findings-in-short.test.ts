import assert from 'node:assert/strict'
import { finding } from '../../src/domain/findings/finding.ts'
import { painter } from '../../src/view/draw/theme.ts'
import { findingsInShort } from '../../src/view/words/finding.ts'
import { typed } from '../support/typed.ts'

describe('findings on a screen of few lines', () => {
  const said = (sentence: string) => ({ member: 'web', sentence, remedy: 'nothing' })
  const LONG = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'
  const found = [finding('legacy', 'degraded', said(LONG), 'error'), finding('legacy', 'aborted', said(LONG), 'error')]
  const drawn = (width: number) => findingsInShort(found, { width, paint: painter(false), typed })

  it('are a line each', () =>
    assert.deepEqual(
      drawn(80).map((each) => each.slice(0, 10)),
      ['✖ degraded', '✖ aborted '],
    ))
  it('have three lines for the first error where the screen is narrow, and what is left is cut', () =>
    assert.deepEqual(drawn(40), [
      '✖ degraded  one two three four five six',
      '            seven eight nine ten eleven',
      '            twelve thirteen fourteen fi…',
      '✖ aborted  one two three four five six …',
    ]))
})
