import assert from 'node:assert/strict'
import { busy } from '../bench/busy.ts'
import { comparedTable, missed, ratio } from '../bench/compared.ts'
import { between } from '../bench/marked.ts'
import type { Used } from '../bench/measure.ts'
import { linesOf, rowsOf } from '../bench/rows.ts'
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

  it('is compared round by round: the median, and the middle half', () => {
    const { middle, low, high } = ratio('clock', [3, 1, 2, 5, 4], 2)
    assert.deepEqual([middle, low, high], [3, 2, 4])
  })

  const setting = {
    ...{ binary: ['/dir/binary'], npm: ['node', 'npm'], empty: ['empty'], emptyNode: ['node', 'empty'] },
    ...{ bare: { ten: ['bare', 'ten'], groups: ['bare', 'groups'] }, fetched: { ten: ['fetched', 'ten'] } },
    ...{ binDir: '/bin', env: { KUBECONFIG: 'near' }, ten: 'ten', far: 'far' },
  }
  /** Ours takes 40 ms of the processor, what it stands beside 20. */
  const took = (name: string) => used(...(/^(binary|npm) (?!empty)/.test(name) ? [40, 40] : [20, 20]))
  const tableOf = (big: string | undefined) => {
    const lines = linesOf({ ...setting, big })
    const far = Object.fromEntries(Object.keys(lines).map((name) => [name, took(name)]))
    for (const name of ['binary far', 'npm far', 'bare far', 'fetched far']) far[name] = used(41, 42)
    far['official far'] = used(30, 30)
    return rowsOf(far)
  }

  it('is a table of what each program takes beside what it stands beside', () => {
    const table = comparedTable(tableOf('big'), 'on 2 cores', 2)
    const times = (many: number) => `${many}.00 (${many}.00–${many}.00)`
    const cell = (many: number) => `| clock ${times(many)}, processor ${times(many)}, memory ${times(1)} `
    assert.match(table[0]!, /^`make bench`, one run of 2 rounds in turns on 2 cores\./)
    assert.deepEqual(table.slice(2, 6), [
      '| what | beside | released binary | its requests alone, on Bun | npm package on Node | its requests alone, on Node |',
      '|---|---|---|---|---|---|',
      '| `get-group` of 10 | official `get rollout` of one ' + `${cell(2)}${cell(1)}`.repeat(2) + '|',
      '| the same, both through kubectl | the same | clock 2.00 (2.00–2.00), processor 2.00 (2.00–2.00) |  |  |  |',
    ])
    assert.match(table.at(-1)!, /^\| added to `get-group` .*\| clock 0\.10 \(0\.10–0\.10\) \| clock 2\.10/)
  })

  it('leaves out the big namespace where there is none', () =>
    assert.deepEqual(tableOf('big').length - tableOf(undefined).length, 1))

  it('says what took more than is wanted', () => {
    const lines = missed(tableOf(undefined))
    assert.ok(lines.includes('✖ `get-group` of 10, released binary: clock 2.00, wanted at most 0.6'))
    assert.ok(!lines.some((each) => /npm package: clock 2.00, wanted at most 2$/.test(each)))
  })
})
