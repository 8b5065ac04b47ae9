import assert from 'node:assert/strict'
import { world } from '../support/objects.ts'
import { runCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

/** The two Rollouts with other labels than `part-of: loan`. */
function labelled(...labels: readonly Record<string, string>[]) {
  const snapshot = world(WORLDS.ready)
  const rollouts = snapshot.rollouts.map((raw, index) => {
    const { metadata, ...rest } = raw as { metadata: object }
    return { ...rest, metadata: { ...metadata, labels: labels[index] ?? {} } }
  })
  return { ...snapshot, rollouts }
}

const PART_OF = 'app.kubernetes.io/part-of'

describe('a group that is not there', () => {
  const cases: readonly (readonly [
    what: string,
    line: string,
    holds: Parameters<typeof runCli>[1],
    stderr: readonly string[],
  ])[] = [
    [
      'among others is told from them',
      'get-group savings',
      { holds: world(WORLDS.ready) },
      ['error: no group savings in namespace legacy; its groups are: loan'],
    ],
    [
      'was probably meant otherwise',
      'get-group load',
      { holds: world(WORLDS.ready) },
      ['error: no group load in namespace legacy; its groups are: loan; did you mean loan?'],
    ],
    [
      'was meant in another case',
      'get-group LOAN',
      { holds: world(WORLDS.ready) },
      ['error: no group LOAN in namespace legacy; its groups are: loan; did you mean loan?'],
    ],
    [
      'in an empty namespace',
      'get-group loan -n empty',
      { holds: world(WORLDS.ready) },
      ['error: no group loan: there are no rollouts in namespace empty'],
    ],
    [
      'where nothing is labelled says how to label',
      'get-group loan',
      { holds: labelled() },
      [
        'No groups in namespace legacy: none of its 2 rollouts has the label app.kubernetes.io/part-of.',
        'Group them:  kubectl label rollout my-frontend my-backend app.kubernetes.io/part-of=loan -n legacy',
      ],
    ],
    [
      'with a label of its own names it',
      'get-group loan --group-label team',
      { holds: labelled({ team: 'a' }, { team: 'b' }) },
      ['error: no group loan in namespace legacy; its groups are: a, b'],
    ],
    [
      'in any namespace is told from those that are',
      'get-group savings -A',
      { holds: world(WORLDS.ready) },
      ['error: no group savings in any namespace; its groups are: legacy/loan'],
    ],
    [
      'in any namespace was probably meant otherwise',
      'get-group load -A -o json',
      { holds: world(WORLDS.ready) },
      ['error: no group load in any namespace; its groups are: legacy/loan; did you mean loan?'],
    ],
    ['in an empty cluster', 'get-group loan -A', {}, ['error: no group loan: there are no rollouts in any namespace']],
    [
      'for a selector says which',
      'get-group -l app=web',
      { holds: world(WORLDS.ready) },
      ['error: no rollout in namespace legacy has the labels app=web'],
    ],
  ]
  for (const [what, line, process, stderr] of cases) {
    it(what, async () => {
      const done = await runCli(line.split(' '), process)
      assert.deepEqual([done.exit, done.stdout, done.stderr.trimEnd().split('\n')], [1, '', stderr])
    })
  }

  it('is the same to every verb, and is looked for with one more request', async () => {
    for (const line of [
      'check savings',
      'graph savings',
      'promote-all savings --yes',
      'abort-all savings --yes',
      'promote-all savings --dry-run',
    ]) {
      const { exit, stderr, requests } = await runCli(line.split(' '), { holds: world(WORLDS.ready) })
      assert.deepEqual([exit, stderr], [1, 'error: no group savings in namespace legacy; its groups are: loan\n'], line)
      assert.equal(requests.filter((each) => each === 'list rollouts').length, 1, line)
    }
  })

  it('is told from others whose names no terminal acts on', async () =>
    assert.match(
      (await runCli(['get-group', 'savings'], { holds: labelled({ [PART_OF]: '\u001b[2Jloan' }) })).stderr,
      /its groups are: \^\[\[2Jloan\n$/,
    ))

  it('names ten groups at most', async () => {
    const snapshot = world({
      members: Array.from({ length: 12 }, (_, index) => ({ name: `r${index}`, live: { version: '1.0' } })),
    })
    const rollouts = snapshot.rollouts.map((raw, index) => ({
      ...(raw as object),
      metadata: { ...(raw as { metadata: object }).metadata, labels: { [PART_OF]: `g${index + 10}` } },
    }))
    assert.match(
      (await runCli(['get-group', 'nothing'], { holds: { ...snapshot, rollouts } })).stderr,
      /its groups are: g10, g11, g12, g13, g14, g15, g16, g17, g18, g19, …\n$/,
    )
  })
})

describe('an empty list of groups', () => {
  const said = async (line: string, holds: Parameters<typeof runCli>[1] = {}) => {
    const { exit, stdout, stderr } = await runCli(line.split(' '), holds)
    return [exit, stdout, stderr]
  }

  it('is no error, as for kubectl', async () => {
    assert.deepEqual(await said('get-group'), [0, '', 'No resources found in legacy namespace.\n'])
    assert.deepEqual(await said('get-group -A'), [0, '', 'No resources found\n'])
    assert.deepEqual(await said('get-group -o name'), [0, '', ''])
  })

  it('is an empty document for a script', async () => {
    const [exit, stdout, stderr] = await said('get-group -o json')
    assert.deepEqual(
      [exit, JSON.parse(String(stdout)), stderr],
      [0, { apiVersion: 'rollouts-group/v1', kind: 'GroupList', items: [] }, ''],
    )
    assert.deepEqual(await said('get-group -o yaml'), [
      0,
      'apiVersion: rollouts-group/v1\nkind: GroupList\nitems: []\n',
      '',
    ])
    assert.deepEqual(await said('get-group -o ndjson'), [0, '', ''])
  })

  it('says how to make a group of Rollouts that are there', async () => {
    assert.deepEqual(await said('get-group', { holds: labelled() }), [
      0,
      '',
      [
        'No groups in namespace legacy: none of its 2 rollouts has the label app.kubernetes.io/part-of.',
        'Group them:  kubectl label rollout my-frontend my-backend app.kubernetes.io/part-of=GROUP -n legacy',
        '',
      ].join('\n'),
    ])
  })

  it('counts one Rollout as one', async () => {
    const { rollouts, ...rest } = labelled()
    assert.match(
      String((await said('get-group', { holds: { ...rest, rollouts: rollouts.slice(0, 1) } }))[2]),
      /^No groups in namespace legacy: its one rollout lacks the label app/,
    )
  })

  it('speaks of the label that was asked for', async () =>
    assert.match(
      String((await said('get-group --group-label team', { holds: labelled() }))[2]),
      /has the label team\.\nGroup them: {2}kubectl label rollout my-frontend my-backend team=GROUP -n legacy\n$/,
    ))
})
