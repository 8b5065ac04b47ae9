import assert from 'node:assert/strict'
import { call } from '../support/typed.ts'
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { typedAs, typedIn } from '../../src/cli/group/target.ts'
import { world } from '../support/objects.ts'
import { runCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

/** The words a shell makes of a command line. */
function words(line: string): string[] {
  return execFileSync('/bin/sh', ['-c', `kubectl() { printf '%s\\0' "$@"; }; ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

describe('the command a screen proposes', () => {
  const table: readonly (readonly [what: string, args: Record<string, unknown>, words: string, typed: string])[] = [
    ['names the namespace', {}, 'check loan', 'kubectl rollouts-group check loan -n legacy'],
    [
      'leads to the same cluster',
      { context: 'prod', kubeconfig: '/k', as: 'jane' },
      'check loan',
      'kubectl rollouts-group check loan -n legacy --context prod --kubeconfig /k --as jane',
    ],
    [
      'keeps what finds the group',
      { 'group-label': 'team' },
      'check loan',
      'kubectl rollouts-group check loan -n legacy --group-label team',
    ],
    [
      'judges by the same mode',
      { mode: 'modern' },
      'check loan',
      'kubectl rollouts-group check loan -n legacy --mode modern',
    ],
    [
      'takes a group by its labels',
      { selector: 'app in (a,b)' },
      'promote-all app in (a,b)',
      "kubectl rollouts-group promote-all -l 'app in (a,b)' -n legacy",
    ],
    [
      'says each value once, the last',
      { context: ['a', 'b'] },
      'check loan',
      'kubectl rollouts-group check loan -n legacy --context b',
    ],
    [
      'does not check the certificate either',
      { 'insecure-skip-tls-verify': true },
      'check loan',
      'kubectl rollouts-group check loan -n legacy --insecure-skip-tls-verify',
    ],
    [
      'tells no secret',
      { token: 'abc', 'client-key': '/k' },
      'check loan',
      'kubectl rollouts-group check loan -n legacy',
    ],
    [
      "leaves out the command's own format",
      { output: 'json', color: 'never' },
      'check loan',
      'kubectl rollouts-group check loan -n legacy',
    ],
  ]
  for (const [what, args, said, typed] of table) it(what, () => assert.equal(typedAs(args)(call(said)), typed))

  it('judges by the same mode in a demo, whose words lead to its cluster', () =>
    assert.equal(
      typedIn(({ words, group }) => ['demo modern', ...words, group].join(' '), { mode: 'legacy', context: 'x' })(
        call('check loan'),
      ),
      'demo modern check loan --mode legacy',
    ))

  it('is quoted so that a shell takes each value as it is', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), (value) => {
        assert.deepEqual(
          words(
            typedAs({ context: value, selector: value })({
              tool: 'rollouts-group',
              words: ['promote-all'],
              group: value,
              namespace: 'legacy',
            }),
          ),
          ['rollouts-group', 'promote-all', '-l', value, '-n', 'legacy', '--context', value],
        )
      }),
      { numRuns: 30, examples: [["it's"], ['$(rm -rf /)'], ['a;b'], ['`x`'], ['\\'], ['"'], ['a b']] },
    ))

  it('stands below the screen of a group, which a selector of its label alone names, too', async () => {
    const { stdout } = await runCli(
      ['get-group', '-l', 'app.kubernetes.io/part-of=loan', '--context', "it's", '--as', 'a b'],
      { holds: world(WORLDS.ready) },
    )
    assert.match(
      stdout,
      /\nNext: {2}kubectl rollouts-group promote-all loan -n legacy --context 'it'\\''s' --as 'a b'\n$/,
    )
  })
})
