import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { at, fields } from '../../src/domain/objects/fields.ts'
import { type Process, runCli } from '../support/cli-context.ts'
import { world } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

const ready = world(WORLDS.ready)

/** The group as another one, in another namespace, its Rollouts with more labels. */
function as(snapshot: Snapshot, group: string, namespace: string, more: Record<string, string> = {}): Snapshot {
  const rollouts = snapshot.rollouts.map((raw) => {
    const labels = { ...fields(at(raw, 'metadata', 'labels')), 'app.kubernetes.io/part-of': group, ...more }
    return { ...fields(raw), metadata: { ...fields(at(raw, 'metadata')), namespace, labels } }
  })
  return { ...snapshot, namespace, rollouts }
}

const team = { 'example.com/team': 'red' }
const holds = as(ready, 'loan', 'legacy', team)
const many = [as(ready, 'shop-10', 'a', team), as(ready, 'shop-9', 'b')]

interface Row {
  readonly stdout?: string | RegExp
  readonly stderr?: string
  readonly exit?: number
}

/** A line of words parted by blanks, or words that hold some. */
type Line = string | readonly string[]

function holdsTo(table: readonly (readonly [line: Line, row: Row, process?: Process])[], usual: Process): void {
  for (const [line, { stdout = '', stderr = '', exit = 0 }, process] of table) {
    const argv = typeof line === 'string' ? line.split(' ') : line
    it(`answers ${argv.join(' ')}${process === undefined ? '' : ` with ${Object.keys(process).join(', ')}`}`, async () => {
      const done = await runCli(argv, { ...usual, ...process })
      assert.equal(done.stderr, stderr)
      if (typeof stdout === 'string') assert.equal(done.stdout, stdout)
      else assert.match(done.stdout, stdout)
      assert.equal(done.exit, exit)
    })
  }
}

const usage = (said: string, verb: string) => ({
  exit: 2,
  stderr: `error: ${said}\nSee 'kubectl rollouts-group ${verb} --help'\n`,
})

describe("a table of one's own", () => {
  const dir = mkdtempSync(join(tmpdir(), 'as-kubectl-'))
  const file = (name: string, content: string) => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const columns = file('columns', 'GROUP   IS\n.metadata.name {.verdict.state}\n')
  const uneven = file('uneven', 'GROUP\n.metadata.name .verdict\n')
  const path = file('path', '{.verdict.state}\n')
  after(() => rmSync(dir, { recursive: true }))

  holdsTo(
    [
      [
        'get-group -o custom-columns=GROUP:.metadata.name,IS:verdict.state,NO:.nope,OF:{.members[*].name}',
        { stdout: 'GROUP   IS      NO       OF\nloan    ready   <none>   my-frontend,my-backend\n' },
      ],
      ['get-group loan -o custom-columns=GROUP:.metadata.name', { stdout: 'GROUP\nloan\n' }],
      ['get-group -o custom-columns=GROUP:.metadata.name --no-headers', { stdout: 'loan\n' }],
      ['get-group -o custom-columns=G:.metadata.name', { stdout: 'G\n' }, { holds: [] }],
      [
        'get-group -o custom-columns=TWO:.members[0:2].name,A:',
        { stdout: /^TWO +A\nmy-frontend,my-backend +<none>\n$/ },
      ],
      ['check loan -o custom-columns=CODE:.code', { stdout: 'CODE\nlive-wired-to-next\nno-way-back-after\n' }],
      [`get-group -o custom-columns-file=${columns}`, { stdout: 'GROUP   IS\nloan    ready\n' }],
      [`get-group loan -o jsonpath-file=${path}`, { stdout: 'ready\n' }],
      [
        'get-group loan -o jsonpath-as-json={.members[*].name}',
        { stdout: '[\n    "my-frontend",\n    "my-backend"\n]\n' },
      ],
      ['graph loan -o jsonpath-as-json={.group}', { stdout: '[\n    "loan"\n]\n' }],
      ['get-group -o custom-columns=NAME', usage('custom column "NAME" is not TITLE:.path', 'get-group')],
      [
        'get-group -o custom-columns=',
        usage('-o custom-columns= lacks its template: write custom-columns=SPEC', 'get-group'),
      ],
      [
        `get-group -o custom-columns-file=${uneven}`,
        usage(
          'a file of custom columns has as many titles on its first line as paths on its second, not 1 and 2',
          'get-group',
        ),
      ],
      [
        'get-group -o jsonpath-file=/nope',
        usage('error reading template /nope, open /nope: no such file or directory', 'get-group'),
      ],
      [
        `get-group -o jsonpath-file=${dir}`,
        usage(`error reading template ${dir}, read ${dir}: is a directory`, 'get-group'),
      ],
      [
        'check loan -o go-template={{.exit}}',
        usage(
          '-o "go-template={{.exit}}" is none of wide, json, yaml, jsonpath=TEMPLATE, jsonpath-as-json=TEMPLATE, ' +
            'jsonpath-file=FILE, custom-columns=SPEC, custom-columns-file=FILE; Go templates are not filled here: ' +
            'write a jsonpath or custom-columns, or pipe -o json into jq',
          'check',
        ),
      ],
    ],
    { holds },
  )
})

describe('a flag of kubectl get', () => {
  const NONE = 'No resources found in legacy namespace.\n'
  const MISSING = 'error: no group loam in namespace legacy; its groups are: loan; did you mean loan?\n'

  holdsTo(
    [
      ['get-group loam', { exit: 1, stderr: MISSING }],
      ['get-group loam --ignore-not-found', {}],
      ['get-group loam -o json --ignore-not-found', {}],
      ['get-group -A loam --ignore-not-found', {}],
      ['get-group', { stderr: NONE }, { holds: [] }],
      ['get-group --ignore-not-found', {}, { holds: [] }],
      ['get-group -o name', {}, { holds: [] }],
      ['get-group -A -o name', { stdout: 'a/shop-10\nb/shop-9\n' }, { holds: many }],
      ['get-group -A -o name --sort-by=.metadata.name', { stdout: 'b/shop-9\na/shop-10\n' }, { holds: many }],
      ['get-group -A -o name --sort-by={.metadata.namespace}', { stdout: 'a/shop-10\nb/shop-9\n' }, { holds: many }],
      ['get-group -A -o name --sort-by=.nope', { stdout: 'a/shop-10\nb/shop-9\n' }, { holds: many }],
      [
        'get-group loan --sort-by=.name',
        usage('--sort-by is for a list of groups; the members of one stand in their order of promotion', 'get-group'),
      ],
      ['get-group loan -L example.com/team', { stdout: /^MEMBER.* STATUS.* TEAM\n.*promote 1st.* red\n/m }],
      [
        'get-group -A -L example.com/team,nope',
        { stdout: /^NAMESPACE.* TEAM +NOPE\na +shop-10 .* red\nb +shop-9 .* more\n$/ },
        { holds: many },
      ],
      ['get-group --chunk-size=many', usage('--chunk-size "many" is no number', 'get-group')],
      ['get-group --as-user-extra=x', usage('--as-user-extra "x" is not key=value', 'get-group')],
      [
        'get-group -o name --cache-dir /x --log-flush-frequency=5s --match-server-version --profile=cpu --profile-output x --vmodule=a=1',
        { stdout: 'loan\n' },
      ],
      ['get-group -o name', { stdout: 'loan\n', stderr: 'Warning: v1 is old\n' }, { warns: ['v1 is old'] }],
      [
        'get-group -o name --warnings-as-errors',
        { stdout: 'loan\n', stderr: 'Warning: v1 is old\nerror: 1 warning received\n', exit: 1 },
        { warns: ['v1 is old'] },
      ],
      [
        'get-group -o name --warnings-as-errors',
        { stdout: 'loan\n', stderr: 'Warning: a\nWarning: b\nerror: 2 warnings received\n', exit: 1 },
        { warns: ['a', 'b'] },
      ],
      ['get-group -o name --warnings-as-errors', { stdout: 'loan\n' }],
      ['--version', { stdout: 'kubectl rollouts-group v0.1.0\n' }],
      ['--version -o yaml', { stdout: 'apiVersion: rollouts-group/v1\nkind: Version\nversion: v0.1.0\n' }],
      ['version --client', { stdout: 'kubectl rollouts-group v0.1.0\n' }],
    ],
    { holds },
  )
})
