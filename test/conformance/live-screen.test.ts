import assert from 'node:assert/strict'
import { TestTerminal } from '../support/terminal.ts'
import { plane } from './plane.ts'
import { GROUP } from './releases/manifests.ts'
import { Scene } from './releases/scene.ts'
import { pair } from './releases/worlds.ts'
import { environmentOf, pluginPath } from './support.ts'

describe('the live screen on a real control plane', function () {
  this.timeout('3m')
  let scene: Scene
  let terminal: TestTerminal
  beforeEach(async function () {
    scene = await Scene.open(this.currentTest!.title, plane(), pair())
    await scene.running()
    await scene.waiting()
    terminal = new TestTerminal(pluginPath, ['get-group', GROUP, '-n', scene.namespace, '-w'], {
      columns: 120,
      rows: 40,
      env: environmentOf(plane()),
    })
    await terminal.shows(/Group \S+ +॥ ready to promote/)
    await terminal.shows(/LIVE {2}users ─▶ frontend 1\.0 ─▶ backend 1\.0 +✔ one version/)
  })
  afterEach(() => terminal.close())

  it('shows a promotion by the official plugin as it happens', async () => {
    await scene.official('promote', 'frontend')
    await terminal.shows(/LIVE {2}users ─▶ frontend 2\.0 ─▶ backend 2\.0 +✔ one version/)
    await terminal.shows(/half promoted/)
  })

  it('promotes a group, and no request meets two versions or an empty Service', async () => {
    const probe = await scene.probe()
    terminal.type('p')
    await terminal.shows(/Promote\? +y: yes/)
    terminal.type('y')
    await terminal.shows(new RegExp(`Group ${GROUP} promoted: 2 of 2`))
    await probe.clean()
    await scene.isOn('2.0')
    assert.deepEqual(await scene.writes(), ['rollouts/status frontend', 'rollouts/status backend'])
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
  })
})
