import assert from 'node:assert/strict'
import { parseDuration } from '../../src/cli/line/duration.ts'
import { nearest } from '../../src/cli/line/suggest.ts'
import { SCENARIOS } from '../../src/sim/scenarios.ts'
import { world } from '../support/objects.ts'
import { runCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

const SCENARIO_NAMES = Object.keys(SCENARIOS).join(', ')

const TEMPLATES =
  'jsonpath=TEMPLATE, jsonpath-as-json=TEMPLATE, jsonpath-file=FILE, custom-columns=SPEC, custom-columns-file=FILE'

describe('a command line that cannot be meant', () => {
  const table: readonly (readonly [line: string, said: string, more?: string])[] = [
    ['get-grup loan', 'unknown command "get-grup"; did you mean get-group?', ''],
    ['frobnicate', 'unknown command "frobnicate"', ''],
    ...[
      ['status', 'get-group'],
      ['list', 'get-group'],
      ['get', 'get-group'],
      ['describe', 'get-group'],
      ['dashboard', 'get-group -w'],
      ['promote', 'promote-all'],
      ['abort', 'abort-all'],
      ['undo', 'undo-all'],
      ['lint', 'check'],
      ['retry', 'retry-all'],
      ['resume', 'resume-all'],
    ].flatMap(([word, meant]): [string, string, string][] => [
      [`${word} loan`, `unknown command "${word}"; did you mean ${meant}?`, ''],
      [`demo legacy ${word} loan`, `unknown command "${word}"; did you mean ${meant}?`, ''],
      [`help ${word}`, `unknown command "${word}"; did you mean ${meant}?`, 'help'],
    ]),
    [
      'terminate loan',
      'unknown command "terminate"; there is one for a single rollout: kubectl argo rollouts terminate analysisrun NAME',
      '',
    ],
    ['demo legacy promote-al', 'unknown command "promote-al"; did you mean promote-all?', ''],
    ['demo lagacy', `there is no scenario "lagacy"; there are ${SCENARIO_NAMES}; did you mean legacy?`, 'demo'],
    ['demo status', `there is no scenario "status"; there are ${SCENARIO_NAMES}; did you mean get-group?`, 'demo'],
    ['-n x demo lagacy', `there is no scenario "lagacy"; there are ${SCENARIO_NAMES}; did you mean legacy?`, 'demo'],
    ['help promote-al', 'unknown command "promote-al"; did you mean promote-all?', 'help'],
    ['get-group loan savings', 'unexpected argument "savings": get-group takes no more words'],
    [
      'promote-all loan --dry-run server',
      'unexpected argument "server": promote-all takes no more words; write --dry-run=server',
    ],
    ['version loan', 'unexpected argument "loan": version takes no more words'],
    ['get-group loan --namespac x', 'unknown flag: --namespac; did you mean --namespace?'],
    ['get-group loan --no-headers=maybe', 'invalid argument "maybe" for --no-headers: it is true or false'],
    ['get-group loan --no-watch', 'unknown flag: --no-watch'],
    ['get-group loan --yes', 'unknown flag: --yes'],
    ['get-group loan --namespace.x=y', 'unknown flag: --namespace.x; did you mean --namespace?'],
    ['get-group loan -x', 'unknown flag: -x'],
    ['get-group loan -o', 'flag needs an argument: -o'],
    ['get-group loan --output', 'flag needs an argument: --output'],
    [
      'get-group loan -o jsn',
      `-o "jsn" is none of wide, json, yaml, name, ndjson, svg, html, ${TEMPLATES}; did you mean json?`,
    ],
    ['get-group loan -o json=x', `-o "json=x" is none of wide, json, yaml, name, ndjson, svg, html, ${TEMPLATES}`],
    [
      'get-group loan -o jsonpath',
      `-o "jsonpath" is none of wide, json, yaml, name, ndjson, svg, html, ${TEMPLATES}; did you mean jsonpath=TEMPLATE?`,
    ],
    ['check loan -o name', `-o "name" is none of wide, json, yaml, ${TEMPLATES}`],
    ['get-group loan --mode modrn', '--mode "modrn" is none of legacy, modern; did you mean modern?'],
    ['get-group loan --color red', '--color "red" is none of auto, always, never'],
    ['get-group loan -l app=x', 'a group is given by its name or by -l, not by both'],
    ['get-group -A -l app=x', '-l makes one group of one namespace; it cannot be joined with -A'],
    ['get-group loan -w -o json', '-w shows what changes as text or -o ndjson, not as json'],
    ['get-group lo@n', '"lo@n" cannot be a group: it is no label value (letters, digits, - _ .)'],
    [
      `get-group loan --group-label ${'a'.repeat(254)}/b`,
      `"${'a'.repeat(254)}/b" is no label key (--group-label, ROLLOUTS_GROUP_LABEL)`,
    ],
    ['get-group loan --group-label a/b/c', '"a/b/c" is no label key (--group-label, ROLLOUTS_GROUP_LABEL)'],
    ['get-group loan -v high', '--v "high" is no number'],
    ['get-group loan --request-timeout soon', '--request-timeout "soon" is no duration; write 90s, 2m, 1h30m, or 0'],
    ['check', 'which group? name it, or give labels with -l'],
    ['promote-all', 'which group? name it, or give labels with -l'],
    [
      'promote-all loan',
      'nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan',
    ],
    [
      'promote-all loan --dry-run=none',
      'nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan',
    ],
    ['promote-all loan --dry-run=sever', '--dry-run "sever" is none of none, client, server; did you mean server?'],
    ['promote-all loan -y --timeout 10', '--timeout "10" is no duration; write 90s, 2m, 1h30m, or 0'],
    [
      'promote-all loan -y --drain never',
      '--drain "never" is no duration; write pods, endpoints, 90s, 2m, 1h30m, or 0',
    ],
    ['promote-all loan -y --only ,', '--only names nobody'],
    [
      'promote-all loan -y --assume half',
      '--assume "half" is none of half-promoted, leak; did you mean half-promoted?',
    ],
    ['promote-all loan -y --on-failure retry', '--on-failure "retry" is none of stop, abort, rollback'],
    ['abort-all loan -y --to-end', 'unknown flag: --to-end'],
    ['promote-all loan -y --to-stable', 'unknown flag: --to-stable'],
    [
      'get-group loan -o jsonpath={.a[b]}',
      'jsonpath {.a[b]} cannot be read; .field, ..field, [0], [0:2], [*], [\'name\'], [0,1], [?(@.field=="value")] and range are known',
    ],
  ]
  for (const [line, said, verb = line.split(' ')[0]!] of table) {
    it(`says of ${line}: ${said}`, async () => {
      const { exit, stdout, stderr, closed, flags } = await runCli(line.split(' '), { holds: world(WORLDS.ready) })
      assert.equal(stderr, `error: ${said}\nSee 'kubectl rollouts-group ${verb === '' ? '' : `${verb} `}--help'\n`)
      assert.equal(exit, 2)
      assert.equal(stdout, '')
      assert.equal(closed, flags !== undefined, 'the cluster is closed if it was opened')
    })
  }

  it("says what is wrong with the environment's group label", async () =>
    assert.match(
      (await runCli(['get-group'], { env: { ROLLOUTS_GROUP_LABEL: 'a b' } })).stderr,
      /^error: "a b" is no label key/,
    ))
})

describe('a duration', () => {
  const table: readonly (readonly [text: string, milliseconds: number | undefined])[] = [
    ['90s', 90_000],
    ['2m', 120_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['1s500ms', 1500],
    ['1us', 0.001],
    ['1µs', 0.001],
    ['1000000ns', 1],
    ['', undefined],
    ['90', undefined],
    ['s', undefined],
    ['1x', undefined],
    ['1h 30m', undefined],
    ['-5s', undefined],
    ['1h30', undefined],
    ['infinite', undefined],
  ]
  for (const [text, milliseconds] of table)
    it(`written ${JSON.stringify(text)} is ${milliseconds === undefined ? 'none' : `${milliseconds} ms`}, as in Go`, () =>
      assert.equal(parseDuration(text), milliseconds))
})

describe('a suggestion', () => {
  const verbs = ['get-group', 'promote-all', 'abort-all', 'check', 'graph', 'help']
  const table: readonly (readonly [typed: string, meant: string | undefined])[] = [
    ['get-grup', 'get-group'],
    ['get-groups', 'get-group'],
    ['promoteall', 'promote-all'],
    ['chek', 'check'],
    ['halp', 'help'],
    ['chekc', 'check'],
    ['grpah', 'graph'],
    ['abort', 'abort-all'],
    ['promote', 'promote-all'],
    ['g', undefined],
    ['graf', undefined],
    ['xyz', undefined],
    ['', undefined],
  ]
  it('counts no dashes, with which every flag is like every other', () =>
    assert.equal(nearest('--to-end', ['--token', '--user']), undefined))

  for (const [typed, meant] of table)
    it(`for ${JSON.stringify(typed)} is ${meant ?? 'not made'}`, () => assert.equal(nearest(typed, verbs), meant))
})
