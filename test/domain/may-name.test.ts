import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Directory, hostsIn, mayName } from '../../src/domain/evidence/hosts.ts'

const DIRECTORY: Directory = {
  namespace: 'shop',
  names: new Map([
    ['orders', 'orders'],
    ['pay-active', 'pay-active'],
  ]),
  addresses: new Map([
    ['10.0.0.7', 'orders'],
    ['fd00::7', 'orders'],
  ]),
  variables: new Map([['PAY_ACTIVE', 'pay-active']]),
}

const PIECES = [
  ...['orders', 'Orders', 'pay-active', '10.0.0.7', 'fd00::7', '$PAY_ACTIVE_SERVICE_HOST', '${PAY_ACTIVE_PORT}'],
  ...[
    '_grpc._tcp.',
    'http://',
    'user:pw@',
    '${HOST:-',
    '}',
    ':',
    '-',
    '.',
    '/',
    '_',
    '//',
    '"',
    "'",
    ' ',
    ',',
    '=',
    '@',
  ],
  ...['x', '8080', '.shop.svc', '.shop', '?', '#', ';', '[', ']', '$', '*', '{{ ', ' }}', '\n', 's3://', 'jdbc:'],
]

describe('a look at whether a text may name a Service', () => {
  it('passes over none that names one', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }), (pieces) => {
        const text = pieces.join('')
        assert.ok(hostsIn(text, DIRECTORY).length === 0 || mayName(text, DIRECTORY), text)
      }),
      { numRuns: 20_000 },
    ))

  for (const text of [
    'url: https://host.example.com:8443/path',
    'reorders',
    'pay-actives',
    '10.0.0.70',
    'border-s',
    '',
  ])
    it(`passes over ${JSON.stringify(text)}`, () => assert.equal(mayName(text, DIRECTORY), false))
})
