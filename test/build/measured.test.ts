import assert from 'node:assert/strict'
import { busy } from '../bench/busy.ts'
import { between } from '../bench/marked.ts'
import type { Used } from '../bench/measure.ts'
import { packersTable } from '../dist/packers-table.ts'

const used = (...cpu: readonly number[]): Used => ({
  cpu,
  wall: cpu.map((each) => each * 2),
  memory: cpu.map(() => 60),
})

describe('what is measured', () => {
  it('is written between its marks, and nowhere else', () => {
    const document = 'before\n<!-- a -->\nold\n<!-- end of a -->\nafter\n'
    assert.equal(between(document, 'a', ['1', '2']), 'before\n<!-- a -->\n1\n2\n<!-- end of a -->\nafter\n')
    assert.throws(() => between(document, 'b', []), /there is no <!-- b --> with its end/)
  })

  it('says how busy the machine was', () => {
    assert.equal(busy([0.2, 0.1, 0], 2), 'on 2 cores, a quiet machine (load average 0.2, 0.1 over five minutes)')
    assert.match(busy([1, 2, 0], 2), /a not quiet machine/)
    assert.match(busy([0, 9.94, 0], 4), /a busy machine \(load average 0\.0, 9\.9 over/)
  })

  it('of packers has what each fails below the table', () => {
    const group = used(100, 300, 200)
    const table = packersTable(
      [
        { name: 'a', size: 154_200_000, version: used(50, 70, 60), group, passed: 9, failed: [] },
        { name: '`b`', size: 99_000_000, version: used(9, 7, 8), group, passed: 7, failed: ['hears BUN_A', 'is gone'] },
      ],
      'on 2 cores',
      3,
    )
    assert.deepEqual(table.slice(4), [
      '| **a** | 154 MB | 60 ms (120) | 200 ms (400) | 60 MB | 9 passed |',
      '| `b` | 99 MB | 8 ms (16) | 200 ms (400) | 60 MB | 7 passed, 2 failed |',
      '',
      '`b` fails:',
      '',
      '- hears BUN\\_A',
      '- is gone',
    ])
  })
})
