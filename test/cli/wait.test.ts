import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { ClusterError, type Resource } from '../../src/cluster/port.ts'
import { runCli, startCli, type Running } from '../support/cli-context.ts'
import { legacyPair, world, type WorldSpec } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

function becomes(running: Running, spec: WorldSpec): void {
  const { rollouts, replicaSets: replicasets, services, endpointSlices: endpointslices = [] } = world(spec)
  for (const [resource, items] of Object.entries({ replicasets, services, endpointslices, rollouts }))
    running.tell(resource as Resource, { type: 'listed', items })
}

describe('wait', () => {
  it('says that it is so, and what leads on (0)', async () => {
    const { exit, stdout, stderr, closed } = await runCli(['wait', 'loan', '--for=gate'], {
      holds: world(WORLDS.ready),
    })
    assert.deepEqual([exit, stderr, closed], [0, '', true])
    assert.equal(
      stdout,
      'Group loan: what waits stands at its gate, ready behind its Service.\nNext:  kubectl rollouts-group promote-all loan -n legacy\n',
    )
  })

  it('says that it is so, and what users meet all the same (3)', async () => {
    const mixed = { live: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } }, next: undefined! }
    const { exit, stdout, stderr } = await runCli(['wait', 'loan', '--for=gate'], {
      holds: world(legacyPair({ frontend: mixed })),
    })
    assert.deepEqual([exit, stdout], [3, 'Group loan: what waits stands at its gate, ready behind its Service.\n'])
    assert.match(stderr, /^error: users meet two versions in one request \(my-frontend 2\.0 → my-backend 1\.0/)
  })

  it('does not end before its goal for what reaching it may cure', async () => {
    const mixed = { live: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } }, next: undefined! }
    const running = startCli(['wait', 'loan', '--for=promoted'], { holds: world(legacyPair({ frontend: mixed })) })
    await running.shows('stands at its gate')
    becomes(running, WORLDS.settled)
    assert.equal((await running.done).exit, 0)
  })

  it('says what is missing, once for as long as it is the same, and ends when it has come', async () => {
    const running = startCli(['wait', 'loan', '--for=gate'], { holds: world(WORLDS.starting) })
    await running.shows('1 of 3 pods of 2.0 available')
    becomes(running, WORLDS.starting)
    becomes(running, WORLDS.ready)
    const { exit, stderr, requests } = await running.done
    assert.deepEqual([exit, stderr], [0, '  ◌  waiting: my-frontend: 1 of 3 pods of 2.0 available\n'])
    assert.deepEqual(
      requests.filter((each) => !/^(list|watch|get) /.test(each)),
      [],
    )
  })

  it('takes some members, and waits for no others (0)', async () => {
    const holds = world(WORLDS.starting)
    assert.equal((await runCli(['wait', 'loan', '--for=gate', '--only', 'my-backend'], { holds })).exit, 0)
    const { exit, stderr } = await runCli(['wait', 'loan', '--for=gate', '--only', 'my-backend,web'], { holds })
    assert.deepEqual(
      [exit, stderr.split('\n')[0]],
      [2, 'error: no member web in group loan; its members are my-backend, my-frontend'],
    )
  })

  it('takes no part of a group for what its requests meet (2)', async () => {
    const { exit, stderr } = await runCli(['wait', 'loan', '--for=matched', '--only', 'my-backend'], {})
    assert.equal(exit, 2)
    assert.match(stderr, /leave --only out/)
  })

  it('gives up when its time is up, and says what for (6)', async () => {
    const running = startCli(['wait', 'loan', '--for=promoted', '--timeout', '90s'], { holds: world(WORLDS.ready) })
    await running.shows('stands at its gate')
    running.pass(90_000)
    const { exit, stdout, stderr } = await running.done
    assert.deepEqual([exit, stdout], [6, ''])
    assert.match(
      stderr,
      /^error: timed out after 1m30s waiting for group loan, --for=promoted: my-backend: 2\.0 stands at its gate; my-frontend: 2\.0 stands at its gate\nNext: {2}kubectl rollouts-group get-group loan -n legacy\n$/m,
    )
  })

  it('gives up where what it waited for went by (3)', async () => {
    const running = startCli(['wait', 'loan', '--for=gate', '--timeout', '0'], { holds: world(WORLDS.starting) })
    await running.shows('1 of 3 pods')
    becomes(running, WORLDS.settled)
    const { exit, stderr } = await running.done
    assert.equal(exit, 3)
    assert.match(
      stderr,
      /^error: waiting does not help group loan, --for=gate: what waited is promoted: by somebody else, or without a gate$/m,
    )
  })

  it('fails at once where nothing can be read (1)', async () => {
    const { exit, stdout, stderr } = await runCli(['wait', 'loan', '--for=gate'], {
      holds: world(WORLDS.ready),
      fails: (request) =>
        request.startsWith('list rollouts') ? new ClusterError('Unreachable', 'connection refused') : undefined,
    })
    assert.deepEqual([exit, stdout, stderr], [1, '', 'error: connection refused\n'])
  })

  it('says that the connection is lost where that is why the time was up (6)', async () => {
    const running = startCli(['wait', 'loan', '--for=gate', '--timeout', '90s'], { holds: world(WORLDS.starting) })
    await running.shows('1 of 3 pods')
    running.tell('services', { type: 'disconnected', reason: 'connection reset' })
    await running.shows('connection lost')
    running.pass(90_000)
    const { exit, stderr } = await running.done
    assert.equal(exit, 6)
    assert.match(
      stderr,
      /^error: timed out after 1m30s waiting for group loan, --for=gate: the connection is lost: connection reset$/m,
    )
  })

  it('does not wait for what cannot come (3)', async () => {
    const { exit, stderr } = await runCli(['wait', 'loan', '--for=healthy'], { holds: world(WORLDS.aborted) })
    assert.equal(exit, 3)
    assert.equal(
      stderr,
      'error: waiting does not help group loan, --for=healthy: my-backend 2.0 was aborted; my-frontend 2.0 was aborted\nNext:  kubectl rollouts-group check loan -n legacy\n',
    )
  })

  it('is interrupted, and says how far it was (130)', async () => {
    const running = startCli(['wait', 'loan', '--for=gate'], { holds: world(WORLDS.starting) })
    await running.shows('waiting')
    running.interrupt()
    const { exit, stderr, closed } = await running.done
    assert.deepEqual([exit, closed], [130, true])
    assert.match(
      stderr,
      /^error: interrupted after 0ms waiting for group loan, --for=gate: my-frontend: 1 of 3 pods of 2\.0 available$/m,
    )
  })

  it('believes nothing while the connection is lost', async () => {
    const running = startCli(['wait', 'loan', '--for=gate'], { holds: world(WORLDS.starting) })
    await running.shows('waiting')
    running.tell('services', { type: 'disconnected', reason: 'watch services: connection reset' })
    await running.shows('connection lost: watch services: connection reset')
    await comesBack(running)
    await running.shows('connected again')
    assert.equal((await running.done).exit, 0)
  })

  it('prints the group as it was when the wait was over, with -o', async () => {
    const { exit, stdout } = await runCli(['wait', 'loan', '--for=gate', '-o', 'jsonpath={.verdict.state}'], {
      holds: world(WORLDS.ready),
    })
    assert.deepEqual([exit, stdout], [0, 'ready'])
    const never = await runCli(['wait', 'loan', '--for=gate', '-o', 'json'], { holds: world(WORLDS.aborted) })
    assert.deepEqual(
      [never.exit, (JSON.parse(never.stdout) as { verdict: { state: string } }).verdict.state],
      [3, 'withdrawn'],
    )
  })

  it('names the groups there are where there is none of that name (1)', async () => {
    for (const awaited of ['gate', 'promoted']) {
      const { exit, stderr } = await runCli(['wait', 'lone', `--for=${awaited}`], { holds: world(WORLDS.ready) })
      assert.deepEqual([exit, stderr], [1, 'error: no group lone in namespace legacy; its groups are: loan\n'])
    }
  })

  it('ends where the group may not be watched (1)', async () => {
    const { exit, stderr } = await runCli(['wait', 'loan', '--for=gate'], {
      holds: world(WORLDS.ready),
      fails: (request) =>
        request.startsWith('watch rollouts') ? new ClusterError('Forbidden', 'rollouts is forbidden') : undefined,
    })
    assert.deepEqual([exit, stderr], [1, 'Error from server (Forbidden): rollouts is forbidden\n'])
  })

  it('wants to know what for (2)', async () => {
    const { exit, stderr } = await runCli(['wait', 'loan'], { holds: world(WORLDS.ready) })
    assert.deepEqual(
      [exit, stderr],
      [
        2,
        "error: wait for what? --for=gate|promoted|healthy|aborted|matched\nSee 'kubectl rollouts-group wait --help'\n",
      ],
    )
  })

  it('says at its end why pods do not come, and what their containers wrote last', async () => {
    const snapshot = world(WORLDS.starting)
    const { name: owner, hash } = readGroup(snapshot, 'loan').members.find((each) => each.name === 'my-frontend')!.next!
    const pod = {
      metadata: {
        name: 'one',
        namespace: 'legacy',
        labels: { 'rollouts-pod-template-hash': hash, app: 'my-frontend' },
        ownerReferences: [{ name: owner }],
      },
      spec: { containers: [{ name: 'app' }] },
      status: {
        containerStatuses: [
          {
            name: 'app',
            ready: false,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'Error', exitCode: 1 } },
          },
        ],
      },
    }
    const running = startCli(['wait', 'loan', '--for=gate', '--timeout', '5s'], { holds: { ...snapshot, pods: [pod] } })
    await running.shows('1 of 3 pods')
    running.pass(5000)
    const { exit, stderr } = await running.done
    assert.equal(exit, 6)
    assert.match(
      stderr,
      /error: timed out after 5\.0s waiting for group loan[^\n]*\n◌ pod one of my-frontend 2\.0: container app: CrashLoopBackOff: it ended with Error, exit code 1\n {4}│ starting\n {4}│ fatal: no database\nNext: /,
    )
  })
})

/** The group stands at its gate by what is told while the watch of Services is lost; then that is back. */
async function comesBack(running: Running): Promise<void> {
  const { rollouts, replicaSets, endpointSlices = [], services } = world(WORLDS.ready)
  running.tell('replicasets', { type: 'listed', items: replicaSets })
  running.tell('endpointslices', { type: 'listed', items: endpointSlices })
  running.tell('rollouts', { type: 'listed', items: rollouts })
  for (let turn = 0; turn < 5; turn++) await setImmediate()
  running.tell('services', { type: 'listed', items: services })
}
