import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type OptionTable, UsageError } from '../../src/cli/command.ts'
import { flag, texts } from '../../src/cli/line/arguments.ts'
import { COLOUR, GLOBAL } from '../../src/cli/line/options.ts'
import { parse } from '../../src/cli/line/parser.ts'
import { type Called, readLine } from '../../src/cli/line/reader.ts'

/** What the verbs see of a command line. */
function seen({ name, command, args }: Called) {
  const options: OptionTable = { ...GLOBAL, ...COLOUR, ...command.options }
  const switches = Object.keys(options).filter((each) => options[each]!.type === 'boolean')
  const others = [...Object.keys(options).filter((each) => !switches.includes(each)), 'group', 'verb', 'install', '--']
  return {
    name,
    on: switches.filter((each) => flag(args, each)),
    values: others.map((each) => [each, texts(args, each)]),
  }
}

const PARTS = fc.constantFrom(
  ...'loan -n -nlegacy -n=legacy --namespace --namespace=legacy -l app=x -w -A -wA -wn -ojson -o wide --no-headers'.split(
    ' ',
  ),
  ...'--no-headers=false --watch=true true false - -- --dry-run --dry-run=server server -y --yes=maybe --v=6 -v6 -v'.split(
    ' ',
  ),
  ...'--timeout 5m -5s --as-group a --as-group=b --unknown -x -h --help --help=false --namespace= --nope=1 -Ltier'.split(
    ' ',
  ),
  ...['', 'ä b', '--context=a=b', '--selector', 'a in (b)', '--cache-dir', '--version', '__proto__', '--__proto__=x'],
)
const VERBS = fc.constantFrom(
  'get-group',
  'promote-all',
  'abort-all',
  'retry-all',
  'check',
  'wait',
  'version',
  'help',
  'completion',
  'demo',
)

describe('the reader of well-formed lines', () => {
  for (const line of [
    'get-group',
    'get-group loan -n legacy',
    'get-group -wAojson',
    'get-group loan -o jsonpath={.a}',
    'get-group -n=a --namespace b -nc',
    'promote-all loan --yes --dry-run -o json --only=a,b',
    'check loan --context prod --as jane --as-group a --as-group b -v6',
    'version --client=true',
    'completion install',
  ])
    it(`reads ${line}`, async () => assert.ok((await readLine(line.split(' '))) !== undefined))

  for (const line of [
    'get-grup',
    '-n legacy get-group',
    'get-group loan savings',
    'get-group --nope',
    'get-group -n',
    'get-group --namespace=',
    'get-group --watch true',
    'get-group --no-headers=maybe',
    'get-group -- loan',
    'get-group --help',
    'version loan',
    'demo legacy check',
    'help check',
    'promote-all loan --timeout -5s',
  ])
    it(`leaves ${line} to the parser`, async () => assert.equal(await readLine(line.split(' ')), undefined))

  it('reads what it reads as the parser does, whatever the line', () =>
    fc.assert(
      fc.asyncProperty(VERBS, fc.array(PARTS, { maxLength: 5 }), async (verb, words) => {
        const read = await readLine([verb, ...words])
        if (read === undefined) return
        const parsed = await parse([verb, ...words], 80).catch((error: unknown) => {
          assert.ok(error instanceof UsageError)
          assert.fail(`the parser refuses it: ${error.message}`)
        })
        if (parsed.help !== undefined) assert.fail('the parser shows help')
        assert.deepEqual(seen(read), seen(parsed))
      }),
      { numRuns: 1000 },
    ))
})
