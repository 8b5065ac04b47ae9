import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { FOUND_BY_PROPERTIES, MUTANTS } from './mutants/table.ts'

/** What the checks see, and every room after them. */
const MODEL = ['domain', 'domain/actions', 'domain/trace', 'domain/group', 'domain/findings', 'domain/objects']

/** Which room sees which: only rooms above its own line, so that no circle of rooms can be. */
const SEES: Record<string, readonly string[]> = {
  text: [],
  'domain/objects': [],
  'domain/manifests': ['domain/objects'],
  'domain/findings': [],
  domain: ['domain/findings'],
  'domain/evidence': ['domain/objects'],
  'domain/group': ['domain/evidence', 'domain/findings', 'domain/objects'],
  'domain/trace': ['domain', 'domain/group', 'domain/objects'],
  'domain/actions': ['domain/trace', 'domain/group', 'domain/objects'],
  'domain/checks': [...MODEL, 'domain/evidence'],
  'domain/rewire': [
    'domain/manifests',
    'domain/checks',
    'domain/trace',
    'domain/group',
    'domain/evidence',
    'domain/findings',
    'domain/objects',
  ],
  'domain/plan': [...MODEL, 'domain/checks'],
  'domain/deploy': [...MODEL, 'domain/checks', 'domain/plan'],
  'domain/release': [...MODEL, 'domain/checks', 'domain/manifests', 'domain/rewire', 'domain/plan', 'domain/deploy'],
  'domain/run': [...MODEL, 'domain/checks', 'domain/plan', 'domain/deploy'],
  sim: ['domain'],
  manifests: ['text', 'domain'],
  cluster: ['text', 'domain'],
  watch: ['text', 'cluster', 'domain'],
  execute: ['text', 'watch', 'cluster', 'domain'],
  'view/draw': ['text', 'domain/findings'],
  'view/words': ['text', 'view/draw', 'domain'],
  'view/documents': ['text', 'view/words', 'domain'],
  'view/tui': ['text', 'view/words', 'view/draw', 'domain'],
  cli: ['text', 'view', 'execute', 'watch', 'cluster', 'manifests', 'sim', 'domain'],
  main: ['text', 'cli', 'cluster'],
  entry: ['text'],
}

/** Where a package, or Node, may be used. */
const USES: Record<string, RegExp> = {
  '@kubernetes/client-node': /^cluster\//,
  socks: /^cluster\//,
  ws: /^(cluster|sim)\//,
  'js-yaml': /^(cluster|cli)\//,
  yaml: /^manifests\//,
  yargs: /^cli\//,
  'cli-table3': /^view\/draw\/grid\.ts$/,
  ink: /^view\/tui\//,
  'yoga-layout': /^view\/tui\/layout-engine\.ts$/,
  react: /^view\/tui\//,
  node: /^((main|entry)\.ts$|watch\/news\.ts$|(cli|cluster|manifests|sim)\/)/,
}

/** The deepest room of the table that a file stands in. */
function roomOf(path: string): string {
  if (path === 'main.ts' || path === 'entry.ts') return path.slice(0, -'.ts'.length)
  const folder = dirname(path)
  return (
    Object.keys(SEES)
      .filter((each) => folder === each || folder.startsWith(`${each}/`))
      .sort((a, b) => b.length - a.length)[0] ?? folder
  )
}

/** A room of the table stands for its sub-rooms, where these are not what asks. */
const sees = (room: string, other: string) =>
  (SEES[room] ?? []).some((each) => other === each || (other.startsWith(`${each}/`) && !room.startsWith(`${each}/`)))

const files = globSync('src/**/*.{ts,tsx}')
  .sort()
  .map((path) => {
    const source = readFileSync(path, 'utf8')
    const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    const imports = [...code.matchAll(/(?:^(?:import|export) [^'()]*\bfrom |^import |\bimport\()'([^']+)'/gm)].map(
      (each) => each[1]!,
    )
    return { path: path.slice('src/'.length), source, code, room: roomOf(path.slice('src/'.length)), imports }
  })

/** The files that break a rule, each with what it does. */
function breaking(rule: (file: (typeof files)[number]) => readonly string[]): string[] {
  return files.flatMap((file) => rule(file).map((what) => `${file.path}: ${what}`))
}

const own = (file: (typeof files)[number]) =>
  file.imports
    .filter((each) => each.startsWith('.'))
    .map((each) => join(dirname(file.path), each))
    .filter((each) => each !== '../package.json')
const foreign = (file: (typeof files)[number]) => file.imports.filter((each) => !each.startsWith('.'))
const outside = (allowed: RegExp, pattern: RegExp) =>
  breaking(({ path, code }) => (allowed.test(path) ? [] : (code.match(pattern) ?? [])))

describe('the house', () => {
  it('is read whole', () =>
    assert.ok(files.length > 80 && files.flatMap(own).length > 200 && files.flatMap(foreign).length > 40))

  it('has rooms that see only rooms below them', () => {
    const rooms = Object.keys(SEES)
    for (const [room, seen] of Object.entries(SEES))
      assert.deepEqual(
        seen.filter((each) => rooms.indexOf(each) >= rooms.indexOf(room)),
        [],
        room,
      )
    assert.deepEqual(
      breaking((file) => own(file).filter((each) => roomOf(each) !== file.room && !sees(file.room, roomOf(each)))),
      [],
    )
  })

  it('has no circle of files, types included', () => {
    const seen = new Map<string, 'open' | 'done'>()
    const circles: string[] = []
    const visit = (path: string, way: readonly string[]): void => {
      if (seen.get(path) === 'open') circles.push([...way.slice(way.indexOf(path)), path].join(' > '))
      if (seen.has(path)) return
      seen.set(path, 'open')
      for (const each of files.filter((file) => file.path === path).flatMap(own)) visit(each, [...way, path])
      seen.set(path, 'done')
    }
    for (const { path } of files) visit(path, [])
    assert.deepEqual(circles, [])
  })

  it('shows watch and execute nothing of the cluster but its port', () =>
    assert.deepEqual(
      breaking((file) =>
        /^(watch|execute)$/.test(file.room)
          ? own(file).filter((each) => roomOf(each) === 'cluster' && each !== 'cluster/port.ts')
          : [],
      ),
      [],
    ))

  it('shows the simulated cluster to the demo alone', () =>
    assert.deepEqual(
      breaking((file) =>
        file.room === 'sim' || file.path === 'cli/commands/demo.ts'
          ? []
          : own(file).filter((each) => roomOf(each) === 'sim'),
      ),
      [],
    ))

  it('keeps each package, and Node itself, to its own rooms', () =>
    assert.deepEqual(
      breaking((file) =>
        foreign(file).filter(
          (each) => USES[/^(node(?=:)|@[^/]+\/[^/]+|[^/]+)/.exec(each)![0]]?.test(file.path) !== true,
        ),
      ),
      [],
    ))

  it('has one file that knows the process, and one that starts it', () =>
    // A module of Node's may be had without an import of all its names: that asks nothing of the process.
    assert.deepEqual(outside(/^(main|entry)\.ts$/, /\bprocess\.(?!getBuiltinModule\()\w+|node:process/g), []))

  it('types no command in the domain: a remedy is data, and the border knows how it is reached', () =>
    assert.deepEqual(outside(/^(?!domain\/)/, /\bkubectl (?!rollouts-group`)[a-z]|kubectl rollouts-group [a-z]/g), []))

  it('takes time and chance from outside', () => {
    assert.deepEqual(
      outside(
        /^(main\.ts$|cluster\/|sim\/)/,
        /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|\bperformance\.|\bcrypto\./g,
      ),
      [],
    )
    assert.deepEqual(outside(/^(?!domain\/)/, /\bset(Timeout|Interval|Immediate)\b|\bfetch\b|\bconsole\b/g), [])
  })

  it('has no file of two ideas, none named for none, and nothing left for later', () => {
    assert.deepEqual(
      files.filter(({ source }) => source.split('\n').length > 251).map(({ path }) => path),
      [],
    )
    assert.deepEqual(
      breaking(({ path }) => basename(path).match(/^(utils?|helpers?|common|misc|index)\.tsx?$/) ?? []),
      [],
    )
    assert.deepEqual(
      breaking(({ source }) => source.match(/\b(TODO|FIXME|XXX|HACK)\b/g) ?? []),
      [],
    )
  })

  it('has no line over 120 columns, a regular expression aside (break a sentence with +)', () =>
    assert.deepEqual(
      breaking(({ source }) =>
        source.split('\n').filter((line) => line.length > 120 && !/^\s*(?:const \w+ = )?\/.+\/[a-z]*,?$/.test(line)),
      ),
      [],
    ))

  it('has no line of code over 120 columns in its tests, sentences, screens and expressions aside', () => {
    const literal =
      /`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=[(,=:\s])\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g
    const long = globSync('test/**/*.{ts,tsx}').flatMap((path) =>
      readFileSync(path, 'utf8')
        .replace(literal, (each) => `''${'\n'.repeat(each.split('\n').length - 1)}`)
        .split('\n')
        .flatMap((line, index) => (line.length > 120 ? [`${path}:${index + 1}`] : [])),
    )
    assert.deepEqual(long, [])
  })

  it('asks nowhere which verb or action it is: that is a row of VERBS, DRAFTS or ACTIONS', () =>
    assert.deepEqual(outside(/^(sim|cluster|cli)\//, /\b(?:verb|action) [!=]== '\w[^']*'/g), []))

  it('has no two types of one name', () => {
    const names = files.flatMap(({ code, path }) =>
      [...code.matchAll(/^export (?:interface|type|class) (\w+)/gm)].map((each) => ({ name: each[1]!, path })),
    )
    assert.ok(names.length > 300)
    assert.deepEqual(
      [...Map.groupBy(names, (each) => each.name)]
        .filter(([, found]) => found.length > 1)
        .map(([name, found]) => `${name}: ${found.map(({ path }) => path).join(', ')}`),
      [],
    )
  })

  it('has each place that a mutant changes, once (otherwise: mend test/mutants/table.ts, and run make mutants)', () =>
    assert.deepEqual(
      [...MUTANTS, ...FOUND_BY_PROPERTIES]
        .filter(({ file, from }) => readFileSync(file, 'utf8').split(from).length !== 2)
        .map(({ file, where }) => `${file}: ${where}`),
      [],
    ))

  it('is judged by a prober that shares nothing with it', () => {
    const shared = new Set<string>()
    const visit = (path: string): void => {
      if (shared.has(path)) return
      shared.add(path)
      const imports = [...readFileSync(path, 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)].map((each) =>
        join(dirname(path), each[1]!),
      )
      for (const each of imports) visit(each)
    }
    visit('test/conformance/prober.ts')
    assert.ok(shared.size > 4)
    assert.deepEqual(
      [...shared].filter((path) => path.startsWith('src/')),
      [],
    )
  })
})
