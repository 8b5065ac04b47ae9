import assert from 'node:assert/strict'
import { load } from 'js-yaml'
import { ClusterError, type Resource } from '../../src/cluster/port.ts'
import { world } from '../support/objects.ts'
import { runCli, startCli, type Running } from '../support/cli-context.ts'
import { assertScreen, member, WORLDS } from '../view/worlds.ts'

const holds = world(WORLDS.ready)
const said = async (line: string, snapshot = holds, process: Parameters<typeof runCli>[1] = {}) => {
  const { exit, stdout, stderr } = await runCli(line.split(' '), { holds: snapshot, ...process })
  assert.equal(stderr, '')
  return { exit, stdout }
}

describe('get-group', () => {
  it('asks for what it shows with a LIST of each kind, however many members there are', async () => {
    const { requests } = await runCli(['get-group', 'loan'], { holds: world(WORLDS.diamond) })
    assert.deepEqual(requests.map((each) => each.split(' ').slice(0, 2).join(' ')).sort(), [
      'list endpointslices',
      'list replicasets',
      'list rollouts',
      'list services',
    ])
    assert.ok(requests.includes('list rollouts app.kubernetes.io/part-of=loan'))
  })

  it('asks for no more where it cannot know where users come in, and leads to whom looks', async () => {
    const circle = { members: [member('auth', ['web']), member('web', ['auth'])] }
    const { requests, stdout } = await runCli(['get-group', 'loan'], { holds: world(circle) })
    assert.equal(requests.length, 4)
    assert.match(stdout, /⚠ no-entry .*Not looked at: Ingresses.*This looks: kubectl rollouts-group check loan/)
    assert.match(stdout, /\? not known to be safe\n/)
    assert.doesNotMatch(stdout, /promote 1st|✖/)
  })

  it('finds a group by the label of the environment, or by another', async () => {
    const other = { holds, env: { ROLLOUTS_GROUP_LABEL: 'team' } }
    assert.ok((await runCli(['get-group', 'loan'], other)).requests.includes('list rollouts team=loan'))
    assert.ok(
      (await runCli(['get-group', 'loan', '--group-label', 'squad'], other)).requests.includes(
        'list rollouts squad=loan',
      ),
    )
    assert.ok(
      (await runCli(['get-group', '-l', 'app in (my-frontend,my-backend)'], other)).requests.includes(
        'list rollouts app in (my-frontend,my-backend)',
      ),
    )
  })

  it('draws the screen as wide as the terminal', async () => {
    const [narrow, wide] = await Promise.all(
      [60, 120].map((columns) => said('get-group loan --color=never', holds, { columns })),
    )
    assert.match(narrow!.stdout, /^MEMBER +LIVE +NEXT +STATUS$/m)
    assert.match(wide!.stdout, /^MEMBER +LIVE +NEXT +READY +GATE +STATUS$/m)
  })

  it('draws in colours on a terminal only, or as it is told', async () => {
    const coloured = async (line: string, columns?: number, env = {}) =>
      (await said(line, holds, { ...(columns !== undefined && { columns }), env })).stdout.includes('\u001b[')
    assert.deepEqual(
      [
        await coloured('get-group loan'),
        await coloured('get-group loan', 100),
        await coloured('get-group loan', 100, { NO_COLOR: '' }),
      ],
      [false, true, false],
    )
    assert.deepEqual(
      [await coloured('get-group loan --color=always'), await coloured('get-group loan --color=never', 100)],
      [true, false],
    )
  })

  it('names the members with -o name, as kubectl does', async () =>
    assert.equal(
      (await said('get-group loan -o name')).stdout,
      'rollout.argoproj.io/my-frontend\nrollout.argoproj.io/my-backend\n',
    ))

  it('is one document in each format', async () => {
    const { stdout: json } = await said('get-group loan -o json')
    const document = JSON.parse(json) as { kind: string; metadata: unknown }
    assert.deepEqual([document.kind, document.metadata], ['Group', { name: 'loan', namespace: 'legacy' }])
    assert.deepEqual(load((await said('get-group loan -o yaml')).stdout), document)
    const { stdout: line } = await said('get-group loan -o ndjson')
    assert.deepEqual([line.split('\n').length, JSON.parse(line)], [2, document])
  })

  it('keeps marks of direction out of YAML, and what they mean in it', async () => {
    const rollouts = holds.rollouts.map((raw) => ({
      ...(raw as object),
      metadata: { ...(raw as { metadata: object }).metadata, annotations: { 'rollouts-group/depends-on': 'a\u202eb' } },
    }))
    const { stdout } = await said('get-group loan -o yaml', { ...holds, rollouts })
    assert.doesNotMatch(stdout, /\u202e/)
    assert.match(JSON.stringify(load(stdout)), /a\u202eb/)
  })

  it('fills a jsonpath, and adds no line break, as kubectl does', async () => {
    assert.equal((await said('get-group loan -o jsonpath={.verdict.state}')).stdout, 'ready')
    assert.equal(
      (
        await runCli(
          ['get-group', 'loan', '-o', 'jsonpath={range .members[*]}{.name}={.next.version.text}{"\\n"}{end}'],
          { holds },
        )
      ).stdout,
      'my-frontend=2.0\nmy-backend=2.0\n',
    )
    assert.equal((await said('get-group -o jsonpath={.items[*].metadata.name}')).stdout, 'loan')
  })

  it('without a group shows all of the namespace; with -A all there are, the namespace first', async () => {
    const trouble = world(WORLDS.trouble)
    const moved = (objects: readonly unknown[] = []) =>
      objects.map((raw) => ({
        ...(raw as object),
        metadata: { ...(raw as { metadata: object }).metadata, namespace: 'live' },
      }))
    const there = {
      ...trouble,
      namespace: 'live',
      rollouts: moved(trouble.rollouts),
      replicaSets: moved(trouble.replicaSets),
      services: moved(trouble.services),
      endpointSlices: moved(trouble.endpointSlices),
    }
    const both = { holds: [holds, there] }
    assertScreen(
      (await runCli(['get-group'], both)).stdout.split('\n'),
      `
    GROUP   ROLLOUTS   LIVE   NEXT   MODE     STATUS
    loan    2          1.0    2.0    legacy   ॥ ready to promote
`,
    )
    assert.deepEqual(
      (await runCli(['get-group', '-A'], both)).stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2)),
      [['NAMESPACE', 'GROUP'], ['live', 'loan'], ['legacy', 'loan'], ['']],
    )
    assert.equal((await runCli(['get-group', '-A', '-o', 'name'], both)).stdout, 'live/loan\nlegacy/loan\n')
    assert.equal((await runCli(['get-group', '-o', 'name'], both)).stdout, 'loan\n')
    assert.equal(
      (await runCli(['get-group', '-A', '-n', 'live', '-o', 'name'], both)).stdout,
      'live/loan\nlegacy/loan\n',
      'as kubectl, which takes no notice of -n then',
    )
  })

  it('leaves the titles out with --no-headers', async () =>
    assert.equal((await said('get-group --no-headers')).stdout, 'loan   2   1.0   2.0   legacy   ॥ ready to promote\n'))

  it('judges by the mode it is told', async () =>
    assert.match((await said('get-group loan --mode=modern')).stdout, /modern mode/))
})

describe('get-group -w without a terminal', () => {
  function promote(running: Running): void {
    const { rollouts, replicaSets: replicasets, services, endpointSlices: endpointslices = [] } = world(WORLDS.half)
    for (const [resource, items] of Object.entries({ replicasets, services, endpointslices, rollouts }))
      running.tell(resource as Resource, { type: 'listed', items })
  }

  it('shows the group, then each line that changes, until it is interrupted (130)', async () => {
    const running = startCli(['get-group', 'loan', '-w'], { holds })
    await running.shows('Next:')
    const first = running.stdout()
    promote(running)
    await running.shows('half promoted')
    running.interrupt()
    const { exit, stdout, closed } = await running.done
    assert.deepEqual([exit, closed], [130, true])
    assert.equal(first, (await runCli(['get-group', 'loan'], { holds })).stdout)
    const later = stdout.slice(first.length)
    assert.match(later, /॥ half promoted\n/)
    assert.doesNotMatch(later, /^MEMBER/m)
  })

  it('says on standard error that the connection is lost, and that it is back', async () => {
    const running = startCli(['get-group', 'loan', '-w'], { holds })
    await running.shows('Next:')
    running.tell('rollouts', { type: 'disconnected', reason: 'watch rollouts: connection reset' })
    await running.shows('connection lost')
    running.tell('rollouts', { type: 'connected' })
    await running.shows('connected again')
    running.interrupt()
    assert.equal(
      (await running.done).stderr,
      '⚠ connection lost: watch rollouts: connection reset\n✔ connected again\n',
    )
  })

  it('ends well when its reader is gone (0)', async () => {
    const running = startCli(['get-group', '-w'], { holds })
    await running.shows('loan')
    running.leave()
    assert.equal((await running.done).exit, 0)
  })

  it('ends with what ended the watch (1)', async () => {
    const { exit, stderr, closed } = await runCli(['get-group', 'loan', '-w'], {
      holds,
      fails: (request) =>
        request === 'watch services' ? new ClusterError('Forbidden', 'watch services: forbidden') : undefined,
    })
    assert.deepEqual([exit, stderr, closed], [1, 'Error from server (Forbidden): watch services: forbidden\n', true])
  })

  it('is a document a change with -o ndjson', async () => {
    const running = startCli(['get-group', 'loan', '-w', '-o', 'ndjson'], { holds })
    await running.shows('"state":"ready"')
    promote(running)
    await running.shows('"state":"half"')
    running.interrupt()
    const documents = (await running.done).stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { kind: string })
    assert.deepEqual([...new Set(documents.map((each) => each.kind))], ['Group'])
  })
})

describe('check', () => {
  it('says with -o wide what its words rest on', async () => {
    const { exit, stdout } = await said('check loan -o wide', world(WORLDS.settled), { columns: 60 })
    assert.equal(exit, 0)
    assert.match(stdout, /- Callers outside the group, or in another namespace, are\n {2}not known\./)
    assert.match(stdout, /- It is about calls: not about data that two releases share,/)
  })

  it('says that there is nothing to say (0)', async () => {
    const { exit, stdout } = await said('check loan', world(WORLDS.settled))
    assert.equal(exit, 0)
    assertScreen(
      stdout.split('\n'),
      `
    Group loan   namespace legacy   legacy mode   ✔ nothing waits

    LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0                        ✔ one version

    Nothing to say: no error, no warning.
`,
    )
  })

  it('says every finding with its remedy, and counts them (3)', async () => {
    const { exit, stdout } = await said('check loan', world(WORLDS.trouble))
    assert.equal(exit, 3)
    assert.match(
      stdout,
      /\n✖ next-wired-to-live {2}my-frontend 2\.0 still talks to [^\n]*Deploy it again with BACKEND_HOST=backend-preview\.\n\n1 error\.\n\nBack: {2}kubectl rollouts-group abort-all loan -n legacy\n$/,
    )
  })

  it('is no failure for a warning, and shows the manifest that a remedy speaks of (0)', async () => {
    const { exit, stdout } = await said('check loan')
    assert.equal(exit, 0)
    assert.match(stdout, /\n {4}apiVersion: v1\n {4}kind: Service\n {4}metadata:\n {6}name: my-backend-VERSION\n/)
    assert.match(stdout, /\n2 warnings\.\n\nNext:  kubectl rollouts-group promote-all loan -n legacy\n$/)
  })

  it('takes what the user vouches for, and whom it is about', async () => {
    const alone = (name: string) => ({ name, live: { version: '1.0' }, next: { version: '2.0' } })
    const group = world({ members: [alone('a'), alone('b')] })
    assert.equal((await said('check loan', group)).exit, 3)
    assert.equal((await said('check loan --trust-depends-on', group)).exit, 0)
    assert.match((await said('check loan --only a', group)).stdout, /half-way/)
    assert.equal((await runCli('check loan --only c'.split(' '), { holds: group })).exit, 2)
  })

  it('fails for a warning where it is told to (3)', async () => {
    assert.equal((await said('check loan --fail-on=warning')).exit, 3)
    assert.equal((await said('check loan --fail-on=error')).exit, 0)
    assert.equal((await said('check loan --fail-on=warning', world(WORLDS.settled))).exit, 0)
  })

  it('shows a manifest once, however many need it', async () => {
    const { stdout } = await said('check loan', world(WORLDS.diamond))
    assert.equal(stdout.match(/name: db-VERSION/g)?.length, 1)
  })

  it('fills a jsonpath', async () =>
    assert.equal(
      (await said('check loan -o jsonpath={.items[*].code}', world(WORLDS.trouble))).stdout,
      'next-wired-to-live',
    ))

  it('is a document for a script, with the exit code in it', async () => {
    const { exit, stdout } = await said('check loan -o json', world(WORLDS.trouble))
    const document = JSON.parse(stdout) as { kind: string; exit: number; items: { code: string }[] }
    assert.deepEqual(
      [exit, document.kind, document.exit, document.items.map((each) => each.code)],
      [3, 'FindingList', 3, ['next-wired-to-live']],
    )
  })
})

describe('graph', () => {
  it('is a tree, a drawing for others, or a document', async () => {
    assert.match((await said('graph loan')).stdout, /\nusers ─▶ my-frontend\n {9}└─▶ my-backend\n$/)
    assert.match((await said('graph loan -o mermaid')).stdout, /^flowchart LR\n/)
    assert.match((await said('graph loan -o dot')).stdout, /^digraph "loan" \{\n/)
    assert.match(
      (await said('graph loan -o sync-waves')).stdout,
      /^kubectl annotate rollout my-backend argocd\.argoproj\.io\/sync-wave=0 -n legacy --overwrite\n/,
    )
    const document = JSON.parse((await said('graph loan -o json')).stdout) as { kind: string; layers: string[][] }
    assert.deepEqual([document.kind, document.layers], ['Graph', [['my-frontend'], ['my-backend']]])
    assert.deepEqual(load((await said('graph loan -o yaml')).stdout), document)
    assert.equal((await said('graph loan -o jsonpath={.entries[0]}')).stdout, 'my-frontend')
  })
})
