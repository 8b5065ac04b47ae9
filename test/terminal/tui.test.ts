import assert from 'node:assert/strict'
import { liveScreens, patchesIn, promote } from '../support/live-screen.ts'
import { KEY } from '../support/terminal.ts'

describe('the live screen on a terminal', function () {
  this.timeout(60_000)
  const { open } = liveScreens()

  it('shows the group in the alternate screen, with the keys that lead on', async () => {
    const { terminal } = await open('legacy')
    await terminal.shows(/quit/)
    assert.equal(terminal.isAlternate, true)
    assert.match(terminal.text(), /Group loan {3}॥ ready to promote/)
    assert.match(terminal.text(), /LIVE {2}users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 +✔ one version/)
    assert.match(terminal.text(), /p promote-all/)
    assert.equal(terminal.lines().at(-1), '', 'the last line of the terminal stays free')
  })

  it('shows what somebody else does, as it happens, and marks it', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    promote(sim, 'my-frontend')
    await terminal.shows(/\*LIVE {2}users ─▶ my-frontend 2\.0 ─▶ my-backend 2\.0/)
    await terminal.shows(/▸\*my-frontend +2\.0 {2}3\/3/)
    await terminal.shows(/half promoted/)
    await terminal.showsNot(/\*/)
  })

  it('promotes the group to its end when its plan is confirmed', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('p')
    await terminal.shows(/Promote\? +y: yes/)
    assert.deepEqual(patchesIn(sim), [], 'nothing is sent before')
    terminal.type('y')
    await terminal.shows(/Group loan promoted: 2 of 2/)
    assert.deepEqual(patchesIn(sim), ['my-frontend/status', 'my-backend/status'])
    await terminal.shows(/⚠ nothing waits, but live calls previews/)
  })

  it('goes back to the release before, in all of its runs, when the first of these is confirmed', async () => {
    const { sim, terminal } = await open('legacy')
    await terminal.shows(/p shows the plan/)
    terminal.type('u')
    await terminal.shows(/release 2\.0 waits; p shows the plan/)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type(KEY.end)
    await terminal.shows(/y: yes/)
    terminal.type('y')
    await terminal.shows(/⚠ nothing waits[^]*Group loan promoted: 2 of 2/)
    terminal.type('u')
    await terminal.shows(/back to release 1\.0[^]*settle: my-frontend back to live Services[^]*Undo\?/)
    assert.equal(sim.store.list('replicasets').length, 4, 'nothing is sent before')
    terminal.type(KEY.end)
    await terminal.shows(/y: yes/)
    terminal.type('y')
    await terminal.shows(/undo-all of loan is over[^]*Group loan undone in /)
    const [, took = ''] = /undone in (\S+)\./.exec(terminal.text())!
    await terminal.shows(/LIVE +users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 +✔ one version/)
    terminal.type('h')
    await terminal.shows(/1\.0-u1 +✔ live[^]*▸ 2\.0 +· past/)
    terminal.type(KEY.enter)
    await terminal.shows(
      /back to release 2\.0, as 2\.0-u1: my-backend 1\.0 → 2\.0, my-frontend 1\.0 → 2\.0[^]*Go to release 2\.0\?/,
    )
    terminal.type(KEY.esc)
    await terminal.showsNot(/Go to release/)
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
    assert.match(terminal.text(), /^Group loan undone in [^]*^ {2}back to release 1\.0/m)
    assert.ok(terminal.text().includes(`Group loan undone in ${took}.`), 'the same figure')
  })

  it('brings users back who are on a part of a release, and withdraws the rest', async () => {
    const { terminal } = await open('partial')
    await terminal.shows(/half promoted[^]*u bring back/)
    terminal.type('u')
    await terminal.shows(/ abort-all --undo-promoted ─[^]*Bring back\?/)
    terminal.type(KEY.end)
    await terminal.shows(/y: yes/)
    terminal.type('y')
    await terminal.shows(/LIVE +users ─▶ my-frontend 1\.0 ─▶ my-backend 1\.0 +✔ one version/)
    await terminal.shows(/abort-all of loan is over[^]*Group loan brought back in /)
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
    assert.match(terminal.text(), /^Group loan brought back in /m)
  })

  it('points consumers back where that is confirmed', async () => {
    const { terminal } = await open('legacy')
    await terminal.shows(/p shows the plan/)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('y')
    await terminal.shows(/⚠ nothing waits[^]*Group loan promoted: 2 of 2[^]*S settle/)
    terminal.type('S')
    await terminal.shows(/settle: my-frontend back to live Services[^]*Settle\?/)
    terminal.type(KEY.end)
    await terminal.shows(/y: yes/)
    terminal.type('y')
    await terminal.shows(/✔ nothing waits[^]*Group loan settled in /)
    terminal.type('S')
    await terminal.shows(/nothing to settle, no live consumer/)
  })

  it('withdraws the release when that is confirmed', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('a')
    await terminal.shows(/Abort\? +y: yes/)
    terminal.type('y')
    await terminal.shows(/Group loan aborted: 2 of 2/)
    assert.deepEqual(patchesIn(sim), ['my-frontend/status', 'my-backend/status'])
  })

  it('puts the command that leads on where the terminal pastes from, as it is typed for this cluster', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('y')
    await terminal.shows(/copied: kubectl rollouts-group promote-all loan -n legacy/)
    assert.equal(terminal.clipboard, 'kubectl rollouts-group promote-all loan -n legacy')
    terminal.type('e')
    await terminal.shows(/▸ promote-all[^]*in a pipeline +kubectl rollouts-group promote-all --yes loan -n legacy/)
    terminal.type(KEY.down, 'y')
    await terminal.shows(/copied: kubectl rollouts-group promote-all --yes/)
    assert.equal(terminal.clipboard, 'kubectl rollouts-group promote-all --yes loan -n legacy')
    assert.deepEqual(patchesIn(sim), [])
  })

  it('sends nothing when the answer is no', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('n')
    await terminal.shows(/not confirmed; nothing was sent/)
    assert.deepEqual(patchesIn(sim), [])
  })

  it('sends nothing where the group has become another while its plan was shown', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('p')
    await terminal.shows(/2 rollouts, consumers first/)
    promote(sim, 'my-backend')
    await terminal.shows(/The group has changed: this is its plan now/)
    terminal.type('y')
    await terminal.shows(/nothing was sent; ⏎ once it is read, then y/)
    assert.deepEqual(patchesIn(sim), [])
  })

  it('takes no pasted word for a yes, not even "copy"', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type('\u001b[200~copy\u001b[201~')
    await terminal.shows(/pasted text does nothing here/)
    terminal.type('copy')
    await terminal.shows(/Promote\?/)
    terminal.type('n')
    await terminal.shows(/not confirmed; nothing was sent/)
    assert.deepEqual(patchesIn(sim), [])
  })

  it('says of a miswired release why it is refused, and cannot be made to send it', async () => {
    const { terminal, sim } = await open('miswired')
    await terminal.shows(/✖ not safe to promote/)
    await terminal.shows(/NEXT {2}─▶ my-frontend 2\.0 +✖ mixed/)
    await terminal.shows(/my-frontend 2\.0 still talks to my-backend 1\.0/)
    terminal.type('p')
    await terminal.shows(/refused, nothing can be sent/)
    terminal.type('y')
    await terminal.shows(/nothing was sent; esc closes it/)
    terminal.type(KEY.esc)
    await terminal.showsNot(/refused, nothing/)
    assert.deepEqual(patchesIn(sim), [])
  })

  it('asks for the name of a protected group', async () => {
    const { terminal, sim } = await open('legacy', {
      prepare: ({ store, namespace }) =>
        store.patch('rollouts', namespace, 'my-frontend', {
          type: 'merge',
          body: { metadata: { annotations: { 'rollouts-group/protected': 'true' } } },
        }),
    })
    await terminal.shows(/quit/)
    terminal.type('p')
    await terminal.shows(/Group loan is protected\. Promote\? Type its name/)
    terminal.type('y', KEY.enter)
    await terminal.shows(/that is not its name; nothing was sent/)
    assert.deepEqual(patchesIn(sim), [])
    for (const letter of 'loan') terminal.type(letter)
    await terminal.shows(/: loan▏/)
    terminal.type(KEY.enter)
    await terminal.shows(/Group loan promoted: 2 of 2/)
  })

  it('is for reading in production until W allows writing, and then asks for the name of the group', async () => {
    const { terminal, sim } = await open('legacy', { env: { ROLLOUTS_GROUP_PROTECTED: 'si*' }, columns: 100 })
    await terminal.shows(/┏━ production: sim, read-only until W allows writing/)
    terminal.type('p')
    await terminal.shows(/this is production, and for reading; W allows writing/)
    terminal.type('W')
    await terminal.shows(/writing is allowed/)
    terminal.type('p')
    await terminal.shows(/Group loan is in production\. Promote\? Type its name/)
    for (const letter of 'loan') terminal.type(letter)
    await terminal.shows(/: loan▏/)
    assert.deepEqual(patchesIn(sim), [])
    terminal.type(KEY.enter)
    await terminal.shows(/Group loan promoted: 2 of 2/)
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
    assert.match(terminal.text(), /^Group loan promoted: 2 of 2 in [\d.]+m?s\.$/m)
  })

  it('is stopped by x after the step in flight, and says what leads on', async () => {
    // Old pods stay long enough to be stopped in time.
    const { terminal, sim } = await open('legacy', { timeScale: 3 })
    await terminal.shows(/quit/)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('y')
    await terminal.shows(/old pods of 1\.0 left, to go at/)
    terminal.type('q')
    await terminal.shows(/promote-all goes on: x stops it/)
    terminal.type('x')
    await terminal.shows(/Group loan partly promoted: 1 of 2/)
    await terminal.shows(/Next: +p shows what is left to do/)
    assert.deepEqual(patchesIn(sim), ['my-frontend/status'])
    // The run has seen it before the screen has.
    await terminal.shows(/half promoted/)
    terminal.type('p')
    await terminal.shows(/1 rollout/)
    terminal.type(KEY.pagedown)
    terminal.type(KEY.pagedown)
    await terminal.shows(/y: yes/)
    terminal.type('y')
    await terminal.shows(/Group loan promoted: 1 of 1/)
  })

  it('cannot write with --read-only, and says so', async () => {
    const { terminal } = await open('legacy', { words: ['loan', '--read-only'] })
    await terminal.shows(/read-only/)
    terminal.type('p')
    await terminal.shows(/nothing can be written here: --read-only/)
  })

  it('says since when the connection is lost, and is back by itself', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    sim.faults.fail({}, { lose: 'request' }, Infinity)
    sim.faults.cutWatches()
    await terminal.shows(/⚠ connection lost \d+s ago, at \d\d:\d\d:\d\d UTC; what is shown is from then/)
    await terminal.shows(/\? was: ready to promote/)
    terminal.type('p')
    await terminal.shows(/the connection is lost, and what is shown may be old/)
    sim.faults.clear()
    await terminal.showsNot(/connection lost/)
    promote(sim, 'my-frontend')
    await terminal.shows(/users ─▶ my-frontend 2\.0/)
  })

  it('lists all groups, the worst first; one is opened, its member, and esc leads back', async () => {
    const { terminal } = await open('legacy', { words: [] })
    await terminal.shows(/▸ loan +2 +1\.0 +2\.0/)
    terminal.type('d')
    await terminal.shows(/open a group first: ⏎/)
    terminal.type(KEY.enter)
    await terminal.shows(/Group loan/)
    terminal.type(KEY.down, KEY.enter)
    await terminal.shows(/my-backend {3}BlueGreen/)
    await terminal.shows(/Events/)
    terminal.type(KEY.esc)
    await terminal.shows(/▸ └ my-backend/)
    terminal.type(KEY.esc)
    await terminal.shows(/1 group, worst first/)
    terminal.type('/')
    await terminal.shows(/filter: ▏/)
    for (const letter of 'nix') terminal.type(letter)
    await terminal.shows(/No group is called nix/)
    terminal.type(KEY.esc)
    await terminal.shows(/▸ loan/)
    terminal.type('?')
    await terminal.shows(/Ctrl-Z +suspend/)
  })

  it('shows the Events of the member that is open, as they are written', async () => {
    const { terminal, sim } = await open('legacy')
    await terminal.shows(/quit/)
    terminal.type(KEY.enter)
    await terminal.shows(/Events +none/)
    sim.store.create('events', sim.namespace, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'my-frontend.1', namespace: sim.namespace },
      type: 'Normal',
      reason: 'GroupPromoted',
      message: 'by ann',
      involvedObject: { kind: 'Rollout', name: 'my-frontend', namespace: sim.namespace },
      lastTimestamp: '2026-01-05T12:00:00Z',
      count: 1,
    })
    await terminal.shows(/Events +12:00:00 {2}GroupPromoted: by ann/)
  })

  it('says why pods do not come: what the kubelet says of them, and what warns in the namespace', async () => {
    const { terminal, sim } = await open('legacy', { columns: 120, rows: 40 })
    await terminal.shows(/POD +OF +READY +STATUS +RESTARTS +AGE +NODE/)
    const [pod] = sim.store
      .list('pods', { namespace: sim.namespace })
      .filter((each) => each.metadata.name.startsWith('my-backend'))
    sim.store.patch('pods', sim.namespace, pod!.metadata.name, {
      type: 'merge',
      subresource: 'status',
      body: {
        status: {
          conditions: [{ type: 'Ready', status: 'False', reason: 'Stuck' }],
          containerStatuses: [
            { name: 'app', ready: false, state: { waiting: { reason: 'ErrImagePull', message: 'no such tag' } } },
          ],
        },
      },
    })
    await terminal.shows(/◌ pod my-backend-\S+ of my-backend \d\.0: container app: ErrImagePull: no such tag/)
  })

  it('says which Events may not be read', async () => {
    const { terminal } = await open('legacy', { user: 'promoter' })
    await terminal.shows(/quit/)
    terminal.type(KEY.enter)
    await terminal.shows(/Events +Error from server \(Forbidden\)/)
  })

  it('shows an ad-hoc group, and promotes it', async () => {
    const { terminal } = await open('modern', { words: ['-l', 'app.kubernetes.io/part-of=portal,app!=x'] })
    await terminal.shows(/Group app\.kubernetes\.io\/part-of=portal,app!=x/)
    terminal.type('p')
    await terminal.shows(/Promote\?/)
    terminal.type('y')
    await terminal.shows(/promoted: 2 of 2/)
  })

  for (const [what, options, why] of [
    ['there is no such group', { words: ['loam'] }, /no group loam in namespace legacy.*did you mean loan\?/],
    ['the Rollouts may not be read', { user: 'nobody' }, /Error from server \(Forbidden\)/],
  ] as const) {
    it(`is not opened where ${what}: that is said as ever`, async () => {
      const { terminal } = await open('legacy', options)
      assert.equal(await terminal.exit, 1)
      assert.match(terminal.text().replaceAll('\n', ''), why)
      assert.doesNotMatch(terminal.written, /\u001b\[\?1049h/)
    })
  }

  it('is of use at 60 columns and 10 rows', async () => {
    const { terminal } = await open('legacy', { columns: 60, rows: 10 })
    await terminal.shows(/quit/)
    assert.match(terminal.text(), /^Group loan {3}॥ ready to promote/)
    assert.match(terminal.text(), /▸ my-frontend +1\.0 {2}3\/3 +2\.0 {2}3\/3 +॥ Paused +1st/)
    assert.match(terminal.text(), /p promote-all/)
    terminal.type('p')
    await terminal.shows(/Promote\? +↓ to its end first, then y/)
    for (let rest = 40; rest > 0; rest--) terminal.type(KEY.down)
    await terminal.shows(/strike its[^]*Promote\? +y: yes/)
  })

  it('has no colour where NO_COLOR is set, and a word and a sign for every state all the same', async () => {
    const { terminal } = await open('miswired', { env: { NO_COLOR: '' } })
    await terminal.shows(/quit/)
    assert.equal(terminal.isPlain(), true)
    assert.match(terminal.text(), /✖ not safe to promote/)
  })

  it('has colours otherwise, the sixteen of every terminal', async () => {
    const { terminal } = await open('miswired')
    await terminal.shows(/quit/)
    assert.equal(terminal.isPlain(), false)
    assert.doesNotMatch(terminal.written, /\u001b\[[34]8[;:]/)
  })

  it('is drawn anew once more where that is asked for twice at once', async () => {
    const { terminal } = await open('legacy')
    await terminal.shows(/quit$/)
    const before = terminal.written.length
    terminal.type(KEY.ctrlL + KEY.ctrlL + KEY.ctrlL)
    await terminal.until(() => terminal.written.slice(before).split('\u001b[?1049h').length > 3)
    await terminal.shows(/quit$/)
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
  })

  it('is right after a storm of sizes', async () => {
    const { terminal } = await open('diamond')
    const drawn = (rows: number) =>
      terminal.until(() => terminal.lines().length === rows && /quit$/.test(terminal.lines().at(-2)!))
    await terminal.shows(/quit$/)
    terminal.resize(99, 33)
    await drawn(33)
    const before = terminal.written.length
    terminal.type(KEY.ctrlL)
    await terminal.until(() => /quit/.test(terminal.written.slice(before)))
    // What is written is on the screen a moment later.
    await drawn(33)
    // Below the table stands what is read later.
    const shown = () => [...terminal.lines().slice(0, 17), terminal.lines().at(-2)].join('\n')
    const right = shown()
    terminal.resize(79, 30)
    await drawn(30)
    for (const [columns, rows] of [
      [120, 40],
      [60, 10],
      [61, 11],
      [200, 50],
      [40, 6],
      [80, 60],
      [20, 3],
      [100, 12],
      [79, 30],
      [99, 33],
    ] as const)
      terminal.resize(columns, rows)
    await terminal.until(() => shown() === right)
  })

  it('is whole again where the terminal was small for a moment', async () => {
    const whole = /^Group store[^]*LIVE[^]*NEXT[^]*▸ web[^]*stock[^]*REVISION[^]*quit$/
    const { terminal } = await open('diamond')
    await terminal.shows(whole)
    terminal.loseAndRegain()
    assert.doesNotMatch(terminal.text(), whole)
    await terminal.shows(whole)
  })

  for (const [what, env] of [
    ['TERM is dumb', { TERM: 'dumb' }],
    ['a pipeline runs it', { CI: 'true' }],
  ] as const) {
    it(`writes lines instead where ${what}`, async () => {
      const { terminal, sim } = await open('legacy', { env })
      await terminal.shows(/Next: {2}kubectl rollouts-group promote-all loan/)
      promote(sim, 'my-frontend')
      await terminal.shows(/LIVE {2}users ─▶ my-frontend 2\.0/)
      assert.doesNotMatch(terminal.written, /\u001b\[\?1049h/)
    })
  }
})
