import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { load, loadAll } from 'js-yaml'
import { ROLES } from '../../src/sim/api/access.ts'
import { COMMANDS } from '../../src/cli/line/verbs.ts'
import {
  ABORTING,
  DEPLOYING,
  CHECKING,
  FILTERING,
  CONNECTION,
  GROUPING,
  MANIFESTS,
  PINNING,
  PROMOTING,
  READING,
  RUNNING,
  WAITING,
} from '../../src/cli/line/options.ts'
import { BAKING } from '../../src/cli/line/bake-options.ts'
import { RELEASING, SETTLING } from '../../src/cli/line/release-options.ts'
import { UNDOING } from '../../src/cli/line/undo-options.ts'
import * as labels from '../../src/domain/objects/labels.ts'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import { at, viewOf, WORLDS } from '../view/worlds.ts'

const README = readFileSync('README.md', 'utf8')

/** The cells of the table below a heading. */
function table(heading: string): string[][] {
  const lines = README.slice(README.indexOf(`| ${heading}`)).split('\n')
  return lines
    .slice(
      2,
      lines.findIndex((each) => !each.startsWith('|')),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
}

describe('the README', () => {
  it('names every verb with its arguments, and no other', () => {
    const named = table('command |').flatMap(([commands]) =>
      [...commands!.matchAll(/`([^`]+)`/g)].map((each) => each[1]!),
    )
    assert.deepEqual(
      named.map((each) => each.split(' ')[0]),
      COMMANDS.map((each) => each.name),
    )
    for (const { name, arguments: words } of COMMANDS) {
      const said = named.find((each) => each.split(' ')[0] === name)!
      assert.ok(`${name} ${words}`.trim().startsWith(said), `${said} is ${name} ${words}`)
    }
  })

  it('gives each exit code one meaning, and leaves none out', () => {
    const codes = table('exit code').map(([code, meaning]) => [Number(code), meaning!.split(/[:,]/)[0]])
    assert.deepEqual(
      codes,
      Object.entries(EXIT).map(([name, code]) => [
        code,
        {
          'timed-out': 'timed out',
          refused: 'refused by findings',
          partly: 'partly done',
          changed: 'changed since the plan',
        }[name] ?? name,
      ]),
    )
  })

  it('explains every annotation that is read, and no other', () =>
    assert.deepEqual(
      table('annotation |')
        .map(([annotation]) => annotation!.slice(1).split(':')[0])
        .sort(),
      Object.values(labels)
        .filter((each) => typeof each === 'string' && each.startsWith('rollouts-group/'))
        .sort(),
    ))

  it('has examples/plain as it says: each Service before the Rollout that names it', () => {
    for (const version of ['v1', 'v2', 'v3']) {
      const objects = loadAll(readFileSync(`examples/plain/${version}.yaml`, 'utf8')) as any[]
      assert.deepEqual(
        objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
        ['Service frontend', 'Rollout my-frontend', 'Service backend', 'Rollout my-backend'],
      )
    }
  })

  it('recommends the rights to write that the simulated cluster tries, and no other', () => {
    const [, yaml = ''] = /```yaml\n(apiVersion: rbac[^`]*)```/.exec(README)!
    const said = (load(yaml) as { rules: Record<string, readonly string[]>[] }).rules
    const writes = (groups: readonly string[], resources: readonly string[], verbs: readonly string[]) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          ['get', 'list', 'watch'].includes(verb) ? [] : [`${verb} ${resource} in ${groups.join()}`],
        ),
      )
    const tried: readonly Record<'groups' | 'resources' | 'verbs', readonly string[]>[] = ROLES.promoter.rules
    assert.deepEqual(
      said.flatMap((each) => writes(each['apiGroups']!, each['resources']!, each['verbs']!)).sort(),
      tried.flatMap((each) => writes(each.groups, each.resources, each.verbs)).sort(),
    )
  })

  it('speaks of no option that there is not', () => {
    const known = new Set(
      Object.entries({
        ...CONNECTION,
        ...GROUPING,
        ...READING,
        ...RELEASING,
        ...SETTLING,
        ...RUNNING,
        ...PROMOTING,
        ...ABORTING,
        ...MANIFESTS,
        ...DEPLOYING,
        ...CHECKING,
        ...WAITING,
        ...UNDOING,
        ...BAKING,
        ...FILTERING,
        ...PINNING,
      })
        .flatMap(([name, option]) => [name, ...('alias' in option ? [option.alias] : [])])
        .concat('output', 'o', 'serve', 'port'),
    )
    const said = [...README.matchAll(/`([^`\n]+)`/g)]
      .map((each) => each[1]!)
      .filter((each) => !/^(kubectl (?!rollouts-group)|make |tar |npm )/.test(each))
    const options = said.flatMap((each) =>
      [...each.matchAll(/(?:^|[ ,(])--?([a-z][a-z-]*)/g)].map((found) => found[1]!),
    )
    assert.ok(options.length > 8)
    assert.deepEqual(
      options.filter((each) => !known.has(each)),
      [],
    )
  })

  it('shows the screen as it is', () => {
    const [, screen = ''] = /\$ kubectl rollouts-group get-group loan -n legacy\n([^]*?)```/.exec(README)!
    assert.equal(screen.trimEnd(), groupScreen(viewOf(WORLDS.ready), at()).join('\n'))
  })
})
