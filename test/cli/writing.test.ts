import assert from 'node:assert/strict'
import { ClusterError } from '../../src/cluster/port.ts'
import { world } from '../support/objects.ts'
import { runCli, startCli } from '../support/cli-context.ts'
import { assertScreen, WORLDS } from '../view/worlds.ts'

const holds = world(WORLDS.ready)
const written = (requests: readonly string[]) => requests.filter((each) => /^(patch|create|update|delete)/.test(each))

describe('a verb that writes', () => {
  for (const verb of ['promote-all', 'abort-all']) {
    it(`${verb} does nothing where nobody can be asked, and asks no cluster`, async () => {
      const { exit, stderr, flags } = await runCli([verb, 'loan'], { holds })
      assert.deepEqual([exit, flags], [2, undefined])
      assert.match(
        stderr,
        /^error: nobody can be asked: standard input is no terminal; give --yes, or --dry-run to see the plan\n/,
      )
    })
  }

  for (const [only, meant] of [
    ['nope', ''],
    ['my-frontend,my-bakend', '; did you mean my-backend?'],
  ] as const) {
    it(`knows who is meant by --only ${only}, or does nothing (2)`, async () => {
      const { exit, stderr, requests } = await runCli(['promote-all', 'loan', '--yes', '--only', only], { holds })
      assert.deepEqual([exit, written(requests)], [2, []])
      assert.ok(
        stderr.startsWith(
          `error: no member ${only.split(',').at(-1)} in group loan; its members are my-backend, my-frontend${meant}\n`,
        ),
        stderr,
      )
    })
  }

  it('that is refused says why on standard error, and what stays as it is on standard output (3)', async () => {
    const { exit, stdout, stderr, requests } = await runCli(['promote-all', 'loan', '--yes'], {
      holds: world(WORLDS.trouble),
    })
    assert.deepEqual([exit, written(requests)], [3, []])
    assert.match(
      stderr,
      /^✖ next-wired-to-live {2}my-frontend 2\.0 still talks to my-backend 1\.0 through backend-active: BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c\. Deploy it again with BACKEND_HOST=backend-preview\.\n$/,
    )
    assertScreen(
      stdout.split('\n'),
      `
    Group loan not promoted.
      my-frontend   ✖ refused   it stays on 1.0: my-frontend 2.0 still talks to my-backend 1.0 through backend-active: BACKEND_HOST=backend-active in ConfigMap my-frontend-settings-7f9c (next-wired-to-live)
      my-backend    ✖ refused   it stays on 1.0, for the same reason
`,
    )
  })

  it('that is refused is a document for a script', async () => {
    const { exit, stdout } = await runCli(['promote-all', 'loan', '--yes', '-o', 'json'], {
      holds: world(WORLDS.trouble),
    })
    const report = JSON.parse(stdout) as {
      kind: string
      exit: number
      reports: { outcome: string }[]
      findings: { code: string }[]
    }
    assert.deepEqual(
      [exit, report.kind, report.exit, report.reports.map((each) => each.outcome), report.findings[0]?.code],
      [3, 'Report', 3, ['refused', 'refused'], 'next-wired-to-live'],
    )
  })

  it('is refused where a permission is missing for any member, before the first write (3)', async () => {
    const { exit, stderr, requests } = await runCli(['promote-all', 'loan', '--yes'], {
      holds,
      fails: (request) => (request === 'may write' ? new ClusterError('Forbidden', 'no') : undefined),
    })
    assert.equal(exit, 3)
    assert.match(
      stderr,
      /✖ rbac {2}you may not patch rollouts\/status of my-frontend in namespace legacy\. Ask for it \(README, Permissions\) and see: kubectl auth can-i patch rollouts\/my-frontend --subresource=status -n legacy\n/,
    )
    assert.match(stderr, /✖ rbac {2}you may not patch rollouts\/status of my-backend/)
    assert.deepEqual(
      written(requests).filter((each) => !each.startsWith('create selfsubjectaccessreviews')),
      [],
    )
  })

  it('that gives up waiting for a member says so, and sends nothing (6)', async () => {
    const running = startCli(['promote-all', 'loan', '--yes', '--timeout', '90s'], { holds: world(WORLDS.starting) })
    await running.shows('1 of 3 pods of 2.0 available')
    running.pass(90_000)
    const { exit, stdout, requests } = await running.done
    assert.deepEqual([exit, written(requests)], [6, []])
    assert.match(
      stdout,
      /^Group loan not promoted.*\.\n {2}my-frontend +✖ timed out +[^]*\nNext: {2}kubectl rollouts-group promote-all loan -n legacy\n$/,
    )
  })

  it('that is interrupted while it waits sends nothing (130)', async () => {
    const running = startCli(['promote-all', 'loan', '--yes'], { holds: world(WORLDS.starting) })
    await running.shows('1 of 3 pods of 2.0 available')
    running.interrupt()
    const { exit, stdout, requests } = await running.done
    assert.deepEqual([exit, written(requests)], [130, []])
    assert.match(stdout, /^Group loan not promoted, interrupted/)
  })

  it('tells its plan in one line with -v', async () => {
    const running = startCli(['promote-all', 'loan', '--yes', '-v', '1'], { holds })
    await running.shows('promote sent')
    running.interrupt()
    const { stderr } = await running.done
    assert.match(stderr, /^plan: 1 promote my-frontend 2\.0; drain my-frontend 1\.0; 2 promote my-backend 2\.0$/m)
  })

  it('tells events as they happen with -o ndjson, and ends with a report', async () => {
    const running = startCli(['promote-all', 'loan', '--yes', '-o', 'ndjson'], { holds })
    await running.shows('"type":"patched"')
    running.interrupt()
    const { exit, stdout } = await running.done
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { type?: string; kind?: string; exit?: number })
    assert.deepEqual(
      lines.slice(0, 2).map((each) => each.type),
      ['started', 'patched'],
    )
    assert.deepEqual([lines.at(-1)?.kind, lines.at(-1)?.exit], ['Report', exit])
  })

  it('whose write the server refuses gives its words (1)', async () => {
    const { exit, stdout } = await runCli(['promote-all', 'loan', '--yes'], {
      holds,
      fails: (request) =>
        request === 'patch rollouts'
          ? new ClusterError('Forbidden', 'patch rollout/my-frontend in legacy: admission webhook denied it')
          : undefined,
    })
    assert.equal(exit, 1)
    assert.match(
      stdout,
      /\n {2}my-frontend +✖ failed +patch rollout\/my-frontend in legacy: admission webhook denied it\n {2}my-backend +· not started +it stays on 1\.0/,
    )
  })
})

describe('a dry run', () => {
  it('shows the plan on standard output, and only reads', async () => {
    const { exit, stdout, stderr, requests } = await runCli(['promote-all', 'loan', '--dry-run'], { holds })
    assert.deepEqual([exit, stderr, written(requests)], [0, '', []])
    assert.match(stdout, /^Promote group loan in legacy \(context prod-eu\): 2 rollouts, consumers first\n/)
  })

  it('is what --dry-run=client says, too', async () =>
    assert.equal(
      (await runCli(['promote-all', 'loan', '--dry-run=client'], { holds })).stdout,
      (await runCli(['promote-all', 'loan', '--dry-run'], { holds })).stdout,
    ))

  it('of a plan that would be refused comes to 3, and says why in the plan', async () => {
    const { exit, stdout } = await runCli(['promote-all', 'loan', '--dry-run'], { holds: world(WORLDS.trouble) })
    assert.equal(exit, 3)
    assert.match(stdout, /\n {2}refused: as it is now, nothing would be sent\n {2}✖ next-wired-to-live /)
  })

  it('is the whole plan as a document', async () => {
    const { stdout } = await runCli(['promote-all', 'loan', '--dry-run', '-o', 'json'], { holds })
    const plan = JSON.parse(stdout) as { kind: string; waves: { member: string }[][] }
    assert.deepEqual(
      [plan.kind, plan.waves.map((wave) => wave.map((each) => each.member))],
      ['Plan', [['my-frontend'], ['my-backend']]],
    )
  })

  it('of the server has it check every write, and stores nothing', async () => {
    const { exit, stdout, requests } = await runCli(['promote-all', 'loan', '--dry-run=server'], { holds })
    assert.equal(exit, 0)
    assert.match(stdout, /\n {2}✔ the server accepts every write; nothing was stored\n$/)
    assert.deepEqual(
      written(requests)
        .filter((each) => !each.startsWith('create selfsubjectaccessreviews'))
        .sort(),
      ['patch rollouts my-backend (dry run)', 'patch rollouts my-frontend (dry run)'],
    )
  })

  it('of the server says what it would not accept (1)', async () => {
    const { exit, stdout } = await runCli(['promote-all', 'loan', '--dry-run=server'], {
      holds,
      fails: (request) =>
        request === 'patch rollouts' ? new ClusterError('ServerError', 'patch rollouts: quota exceeded') : undefined,
    })
    assert.equal(exit, 1)
    assert.match(
      stdout,
      /\n {2}The server does not accept every write; nothing was stored\.\n {2}my-frontend +✖ failed +patch rollouts: quota exceeded\n/,
    )
  })

  it('of the server keeps what it says apart from a document', async () => {
    const { stdout, stderr } = await runCli(['promote-all', 'loan', '--dry-run=server', '-o', 'yaml'], { holds })
    assert.match(stdout, /^apiVersion: rollouts-group\/v1\nkind: Plan\n/)
    assert.equal(stderr, '  ✔ the server accepts every write; nothing was stored\n')
  })

  it("takes the verb's own options", async () => {
    const { stdout } = await runCli(
      ['promote-all', 'loan', '--dry-run', '--drain=endpoints', '--only', 'my-frontend', '--mode', 'modern'],
      { holds },
    )
    assert.match(stdout, /1 rollout, in any order \(modern mode\)/)
    assert.doesNotMatch(stdout, /old my-frontend pods are gone/)
    assert.match(
      (await runCli(['abort-all', 'loan', '--dry-run', '--to-stable'], { holds })).stdout,
      /put the stable pod template back/,
    )
  })
})
