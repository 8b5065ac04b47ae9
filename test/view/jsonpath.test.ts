import assert from 'node:assert/strict'
import { jsonPath, jsonPathAsJson, pathValues } from '../../src/view/documents/jsonpath.ts'
import { TemplateError } from '../../src/view/documents/jsonpath-steps.ts'

const document = {
  kind: 'Group',
  ok: true,
  share: 1.5,
  empty: [],
  none: null,
  'app.kubernetes.io/name': 'loan',
  members: [{ name: 'a', wave: 1, live: { version: '1.0' } }, { name: 'b', wave: 2 }, { name: 'c' }],
}

/** Held beside k8s.io/client-go/util/jsonpath v0.34.4, as `kubectl get -o jsonpath` uses it. */
const SAME: readonly (readonly [template: string, text: string])[] = [
  ['{.kind}', 'Group'],
  ['{$.kind}', 'Group'],
  ['{@.kind}', 'Group'],
  ["{['kind']}", 'Group'],
  ['{ .kind }', 'Group'],
  ['{.members[0].name}', 'a'],
  ['{.members[-1].name}', 'c'],
  ['{.members[*].name}', 'a b c'],
  ['{.members[*].live.version}', '1.0'],
  ['{.members[0].live.*}', '1.0'],
  ['{.nope}', ''],
  ['{.nope.deeper}', ''],
  ['{.members.name}', ''],
  ['{.ok} {.share} {.empty}', 'true 1.5 []'],
  ['{.members[1]}', '{"name":"b","wave":2}'],
  ['{.app\\.kubernetes\\.io/name}', 'loan'],
  ['the {.kind} stands', 'the Group stands'],
  ['a}b', 'a}b'],
  ['{"a}b"}', 'a}b'],
  ['{"\\t"}{\'\\n\'}', '\t\n'],
  ["{'it\\'s'}", "it's"],
  ['{range .members[*]}{.name}={.live.version}{"\\n"}{end}', 'a=1.0\nb=\nc=\n'],
  ['{range .empty[*]}x{end}', ''],
  ['{range .nope[*]}x{end}', ''],
  ['{range .members[*]}{range .live}{.version}{end};{end}', '1.0;;;'],
  ['{.members[?(@.name=="b")].wave}', '2'],
  ["{.members[?( @.name == 'b' )].wave}", '2'],
  ['{.members[?(@.live.version!="2.0")].name}', 'a'],
  ['{.members[?(@.wave)].name}', 'a b'],
  ['{.members[?(@.wave==1)].name}', 'a'],
  ['{.members[?(@.wave>1)].name}', 'b'],
  ['{.members[?(@.wave>=1)].name}', 'a b'],
  ['{.members[?(@.wave<2)].name}', 'a'],
  ['{.members[?(@.wave<=2)].name}', 'a b'],
  ['{.members[?(@.name==@.name)].name}', 'a b c'],
  ['{.members[?(@.live.version==@.name)].name}', ''],
  ['{..name}', 'a b c'],
  ['{.members..version}', '1.0'],
  ['{.members[0]..version}', '1.0'],
  ['{..live.version}', '1.0'],
  ['{.members[0:2].name}', 'a b'],
  ['{.members[:2].name}', 'a b'],
  ['{.members[1:].name}', 'b c'],
  ['{.members[-1:].name}', 'c'],
  ['{.members[:-1].name}', 'a b'],
  ['{.members[::2].name}', 'a c'],
  ['{.members[0:3:2].name}', 'a c'],
  ['{.members[0:0].name}', ''],
  ['{.members[0,2].name}', 'a c'],
  ['{.members[0,0].name}', 'a a'],
  ['{.members[0:1,2].name}', 'a c'],
  ["{.members[0]['name','wave']}", 'a 1'],
  ["{.members[*]['name', 'wave']}", 'a b c 1 2'],
  ["{.members[0]['live.version','name']}", '1.0 a'],
  ["{['app\\.kubernetes\\.io/name']}", 'loan'],
]

describe('jsonpath', () => {
  for (const [template, text] of SAME)
    it(`fills ${template} as kubectl does`, () => assert.equal(jsonPath(template, document), text))

  it('answers where kubectl fails: double quotes around a key, a path into a word, unlike types', () => {
    assert.equal(jsonPath('{["app.kubernetes.io/name"]}{[\'app.kubernetes.io/name\']}', document), 'loanloan')
    assert.equal(jsonPath('{.members[1:9].name}{.members[2:1].name}', document), 'b c')
    assert.equal(jsonPath('{.kind.*}{.kind[0]}{.members[9].name}', document), '')
    assert.equal(jsonPath('{.members[?(@.name!=1)].name}{.members[?(@.live<"x")].name}', document), '')
  })

  it('takes a bare path for one, with or without its dot', () =>
    assert.deepEqual(
      ['.kind', 'kind', '.members[0].name'].map((each) => jsonPath(each, document)),
      ['Group', 'Group', 'a'],
    ))

  it('lets no text of a server act on the terminal, but its own', () =>
    assert.equal(jsonPath('{.a}{"\\n"}{.b}', { a: '\u001b[2Jx\ny', b: ['\u009b1m'] }), '^[[2Jx\\ny\n["\\u009b1m"]'))

  const REFUSED: readonly (readonly [template: string, why: RegExp])[] = [
    ['{.kind', /^unclosed \{/],
    ['{end}', /\{end\} without \{range\}/],
    ['{range .members[*]}{.name}', /\{range\} without \{end\}/],
    ['{.members[0:2:0].name}', /\.field, \.\.field, \[0\].*are known/],
    ['{.members[a]}', /are known/],
    ['{.members[]}', /are known/],
    ['{.members[0,]}', /are known/],
    ['{.members[0}', /are known/],
    ['{.members[?(@.name==b)]}', /^b in a jsonpath filter is neither in quotes nor a number/],
    ['{.members[?(name=="b")]}', /it is @\.field/],
    ['{"\\x"}', /is no quoted text/],
  ]
  for (const [template, why] of REFUSED) {
    it(`refuses ${template}, which would otherwise mean something else`, () =>
      assert.throws(
        () => jsonPath(template, document),
        (error) => error instanceof TemplateError && why.test(error.message),
      ))
  }
})

/** Held beside `kubectl get -o jsonpath-as-json`. */
const AS_JSON: readonly (readonly [template: string, lists: readonly (readonly unknown[])[]])[] = [
  ['{.members[*].name}', [['a', 'b', 'c']]],
  ['{.kind}{"x"}', [['Group'], ['x']]],
  ['{range .members[0:2]}{.name}{"\\n"}{end}', [['a'], ['\n'], ['b'], ['\n']]],
  ['{.nope}', [[]]],
  ['.members[1]', [[{ name: 'b', wave: 2 }]]],
]

describe('jsonpath as JSON', () => {
  for (const [template, lists] of AS_JSON)
    it(`fills ${template} with a list for each expression, as kubectl does`, () =>
      assert.equal(
        jsonPathAsJson(template, document),
        lists.map((each) => `${JSON.stringify(each, undefined, 4)}\n`).join(''),
      ))

  it('escapes what a terminal acts on', () =>
    assert.equal(jsonPathAsJson('{.a}', { a: '\u009b1m' }), '[\n    "\\u009b1m"\n]\n'))
})

describe('a single path', () => {
  for (const path of [
    '{.members[0].name}',
    '.members[0].name',
    'members[0].name',
    '{members[0].name}',
    '$.members[0].name',
  ])
    it(`is read from ${path}`, () => assert.deepEqual(pathValues(path, document), ['a']))
})
