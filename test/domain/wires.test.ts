import assert from 'node:assert/strict'
import { type Address, evidenceOf, outsideOf } from '../../src/domain/group/wires.ts'

const OWNERS = new Map([
  ['back-active', ['back']],
  ['tier', ['back', 'cache', 'front']],
  ['front-active', ['front']],
])
const address = (service: string, more: Partial<Address> = {}): Address => ({
  service,
  where: 'URL',
  strength: 'sure',
  spans: [],
  ...more,
})

describe('the wires of a revision', () => {
  const rows: readonly [what: string, addresses: readonly Address[], wires: readonly string[]][] = [
    ['lead to the member behind a Service', [address('back-active')], ['back by back-active']],
    ['lead to every member behind a Service, itself left out', [address('tier')], ['back by tier', 'cache by tier']],
    ['lead nowhere from a Service that is nobody’s', [address('metrics')], []],
    ['lead nowhere where it names itself', [address('front-active')], []],
    [
      'are one where an address stands twice',
      [address('back-active'), address('back-active', { where: 'file a' })],
      ['back by back-active'],
    ],
    [
      'are two where one follows the role: that one comes and goes',
      [address('back-active'), address('back-active', { role: { of: 'next', by: 'volume' } })],
      ['back by back-active', 'back by back-active as next by volume'],
    ],
    [
      'are two where a variable keeps what a volume does not',
      [
        address('back-active', { role: { of: 'next', by: 'volume' } }),
        address('back-active', { role: { of: 'next', by: 'field' } }),
      ],
      ['back by back-active as next by volume', 'back by back-active as next by field'],
    ],
  ]
  for (const [what, addresses, expected] of rows)
    it(what, () =>
      assert.deepEqual(
        evidenceOf('front', addresses, OWNERS).map(
          ({ to, service, role }) => `${to} by ${service}${role === undefined ? '' : ` as ${role.of} by ${role.by}`}`,
        ),
        expected,
      ),
    )
})

describe('what leads out of the group', () => {
  it('is told once for each Service, with the Rollout it belongs to', () =>
    assert.deepEqual(
      outsideOf(
        [address('other-active'), address('back-active'), address('other-active', { where: 'again' })],
        new Map([['other-active', 'other']]),
      ),
      [{ rollout: 'other', service: 'other-active', where: 'URL' }],
    ))
})
