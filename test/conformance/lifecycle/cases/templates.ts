import assert from 'node:assert/strict'
import { blueGreen, template } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import { inOrder, never, once } from '../story.ts'

const isObserved = ({ rollout, status }: Moment): boolean =>
  status.observedGeneration === String(rollout.metadata.generation)

export const templates: Cases = {
  'completes a first deployment at once, before a pod is there, and makes the Services select it then': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    const story = await scene.story()
    inOrder(
      story,
      ['stable', (moment) => moment.stable === 'v1'],
      ['available', (moment) => moment.scale('v1').available > 0],
      ['healthy', (moment) => moment.phase === 'Healthy'],
    )
    const first = story.find((moment) => moment.stable === 'v1')!
    assert.deepEqual(
      [first.current, first.status.blueGreen?.activeSelector, first.scale('v1').available],
      ['v1', undefined, 0],
    )
  },

  'tells of a new template at once with its hash, once it has made its ReplicaSet': async (scene) => {
    await scene.running(blueGreen())
    const deployed = await scene.deploy('v2')
    await scene.untilAtGate('v2')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['not observed', (moment) => moment.current === 'v1' && !isObserved(moment)],
      ['a new ReplicaSet', (moment) => moment.versions.includes('v2')],
      ['current', (moment) => moment.isCurrent && moment.current === 'v2'],
      ['a first pod, after a second', (moment) => moment.scale('v2').available > 0],
    )
    never(story, 'current, but on the hash of before', (moment) => moment.isCurrent && moment.current === 'v1')
  },

  'has observed a template deployed over its gate while it still tells of the gate before': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const deployed = await scene.deploy('v3')
    await scene.untilAtGate('v3')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['not observed', (moment) => !isObserved(moment)],
      [
        'observed, with the hash and the pause of before',
        (moment) =>
          isObserved(moment) &&
          moment.current === 'v2' &&
          moment.phase === 'Paused' &&
          moment.status.pauseConditions.length === 1,
      ],
      ['current', (moment) => moment.isCurrent && moment.current === 'v3'],
    )
    never(story, 'current, but on the hash of before', (moment) => moment.isCurrent && moment.current === 'v2')
  },

  'tells of the hash of a new template that comes with another size no earlier than that it has observed it': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    const deployed = await scene.spec(
      { op: 'replace', path: '/spec/template', value: template('v2') },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    )
    await scene.untilAtGate('v2')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['not observed', (moment) => !isObserved(moment)],
      ['current', (moment) => moment.isCurrent && moment.current === 'v2'],
    )
    never(story, 'the hash first', (moment) => !isObserved(moment) && moment.current === 'v2')
    never(story, 'current, but on the hash of before', (moment) => moment.isCurrent && moment.current === 'v1')
  },

  'moves the preview Service to a new template at once, where nobody answers until its pods are up': async (scene) => {
    await scene.running(blueGreen())
    const deployed = await scene.deploy('v2')
    await scene.untilAtGate('v2')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['before', (moment) => moment.behind('preview') === 'v1' && moment.ready('preview') === 2],
      ['selected', (moment) => moment.behind('preview') === 'v2'],
      ['empty', (moment) => moment.behind('preview') === 'v2' && moment.ready('preview') === 0],
      ['at its gate', (moment) => moment.current === 'v2' && moment.isPausedBy('BlueGreenPause')],
    )
    never(
      story,
      'the active Service moves',
      (moment) => moment.behind('active') !== 'v1' || moment.ready('active') !== 2,
    )
  },

  'brings up what two templates in quick succession leave behind, and lets it go after scaleDownDelaySeconds': async (
    scene,
  ) => {
    await scene.running(blueGreen({ scaleDownDelaySeconds: 60 }))
    const deployed = await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.until('the pods of v2', (moment) => moment.pods('v2').length === 2)
    await scene.deploy('v3')
    await scene.until('v3 deployed', (moment) => moment.current === 'v3')
    await scene.release('v2', 2)
    await scene.untilAtGate('v3')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['v2 is deployed', (moment) => moment.behind('preview') === 'v2'],
      ['v3 is', (moment) => moment.behind('preview') === 'v3'],
      ['v2 is up all the same', (moment) => moment.scale('v2').available === 2],
    )
    once(story, 'v2 is due to go', (moment) => moment.current === 'v3' && moment.deadline('v2') !== undefined)
    never(story, 'users moved', (moment) => moment.behind('active') !== 'v1')
  },

  'stands at a normal gate while older pods linger, and their deadline stays': async (scene) => {
    await scene.running(blueGreen({ scaleDownDelaySeconds: 60 }))
    await scene.atGate('v2')
    await scene.promote()
    const due = await scene.until(
      'v1 is due',
      (moment) => moment.stable === 'v2' && moment.deadline('v1') !== undefined,
    )
    const deadline = due.deadline('v1')!
    const completed = due.status.conditions.find(({ type }: { type: string }) => type === 'Completed')
    const delay = deadline - Date.parse(completed.lastTransitionTime)
    assert.ok(delay >= 59_000 && delay < 90_000, JSON.stringify([due.set('v1').metadata.annotations, completed]))
    const gate = await scene.atGate('v3')
    assert.deepEqual([gate.behind('active'), gate.deadline('v1'), gate.scale('v1').desired], ['v2', deadline, 2])
  },

  'moves pods of its template alone: with new labels or annotations of the Rollout it is the same revision': async (
    scene,
  ) => {
    const { rollout } = await scene.running(blueGreen())
    await scene.spec(
      { op: 'add', path: '/metadata/labels', value: { team: 'blue' } },
      { op: 'add', path: '/metadata/annotations/owner', value: 'me' },
    )
    const copied = await scene.until(
      'the annotation is copied',
      (moment) => moment.set('v1').metadata.annotations?.['owner'] === 'me',
    )
    const { generation, annotations } = copied.rollout.metadata
    assert.deepEqual([generation, annotations?.['rollout.argoproj.io/revision']], [rollout.metadata.generation, '1'])
    assert.equal(copied.set('v1').metadata.labels?.['team'], undefined)
    await scene.spec({ op: 'remove', path: '/metadata/annotations/owner' })
    const gate = await scene.atGate('v2')
    assert.deepEqual(
      [gate.set('v1').metadata.annotations?.['owner'], gate.set('v2').metadata.annotations?.['owner']],
      ['me', undefined],
    )
    await scene.spec({ op: 'add', path: '/metadata/annotations/owner', value: 'you' })
    const moment = await scene.until(
      'the annotation is copied',
      (each) => each.set('v2').metadata.annotations?.['owner'] === 'you',
    )
    assert.equal(moment.set('v1').metadata.annotations?.['owner'], 'me')
  },

  'swaps the metadata of the roles at the cutover, in place': async (scene) => {
    const role = (name: string) => ({ labels: { role: name }, annotations: { tier: name } })
    await scene.running(
      blueGreen({ activeMetadata: role('live'), previewMetadata: role('next'), scaleDownDelaySeconds: 60 }),
    )
    const roles = (moment: typeof scene.now, version: string): string[] =>
      moment.pods(version).map(({ metadata }) => `${metadata.labels?.['role']} ${metadata.annotations?.['tier']}`)
    const deployed = await scene.deploy('v2')
    const gate = await scene.untilAtGate('v2')
    assert.deepEqual(
      [roles(gate, 'v1'), roles(gate, 'v2')],
      [
        ['live live', 'live live'],
        ['next next', 'next next'],
      ],
    )
    never(await scene.story(deployed), 'a new pod without its role', (moment) =>
      roles(moment, 'v2').some((each) => each !== 'next next'),
    )
    const uids = gate
      .pods('v2')
      .map(({ metadata }) => metadata.uid)
      .sort()
    const promoted = await scene.promote()
    const moment = await scene.until(
      'swapped',
      (each) =>
        roles(each, 'v2').join() === 'live live,live live' &&
        roles(each, 'v1').join() === 'undefined undefined,undefined undefined',
    )
    assert.deepEqual(
      moment
        .pods('v2')
        .map(({ metadata }) => metadata.uid)
        .sort(),
      uids,
    )
    never(
      await scene.story(promoted),
      'swapped before the cutover',
      (each) =>
        each.behind('active') === 'v1' &&
        [
          ...roles(each, 'v1').filter((role) => role !== 'live live'),
          ...roles(each, 'v2').filter((role) => role !== 'next next'),
        ].length > 0,
    )
  },
}
