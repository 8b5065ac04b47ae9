import assert from 'node:assert/strict'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { containerOf, SHAPES, type Shape, sized } from '../support/sized.ts'
import { at } from '../view/worlds.ts'

/** How often a property of objects is looked at. */
function counted(objects: readonly object[], property: string): () => number {
  let looks = 0
  for (const each of objects) {
    const value: unknown = Reflect.get(each, property)
    Object.defineProperty(each, property, { enumerable: true, get: () => (looks++, value) })
  }
  return () => looks
}

/** A group of which a Secret holds whom anybody calls. */
function unknown(shape: Shape, size: number): Group {
  const snapshot = sized(shape, size)
  const secret = { envFrom: [{ secretRef: { name: 'addresses' } }] }
  for (const each of snapshot.replicaSets) Object.assign(containerOf(each), secret)
  return readGroup(snapshot, 'loan')
}

/** How often the addresses of revisions, and the names of members, are looked at while something is made of a group. */
function looked<Made>(shape: Shape, size: number, make: (group: Group) => Made) {
  const group = readGroup(sized(shape, size), 'loan')
  const wires = counted(
    group.members.flatMap((each) => each.revisions),
    'wires',
  )
  const names = counted(group.members, 'name')
  const made = make(group)
  return { wires: wires(), names: names(), made }
}

describe('what a plan costs', () => {
  for (const shape of SHAPES)
    for (const verb of ['promote-all', 'abort-all'] as const)
      it(`grows no faster than the group: ${verb} of ${shape}`, () => {
        const [one, two] = [128, 256].map((size) => looked(shape, size, (group) => makePlan(group, verb).waves.length))
        assert.ok(two!.wires <= 2.3 * one!.wires, `${one!.wires} looks for 128 members, ${two!.wires} for 256`)
        assert.ok(two!.wires <= 150 * 256, `${two!.wires} looks for 256 members`)
        assert.deepEqual([one!.made, two!.made], verb === 'abort-all' ? [1, 1] : [2, 2])
      })
})

describe('what it costs that nobody knows whom anybody calls', () => {
  for (const shape of SHAPES)
    it(`grows no faster than the pairs of members: ${shape}`, () => {
      const [one, two] = [64, 128].map((size) => {
        const group = unknown(shape, size)
        const ids = counted(
          group.members.flatMap((each) => each.revisions),
          'id',
        )
        const codes = makePlan(group, 'promote-all').findings.map(({ code }) => code)
        assert.ok(codes.includes('wire-unknown'))
        return ids()
      })
      assert.ok(two! <= 6 * one!, `${one} looks for 64 members, ${two} for 128`)
      assert.ok(two! <= 250 * 128 * 128, `${two} looks for 128 members`)
    })
})

describe('what a screen costs', () => {
  for (const shape of SHAPES)
    it(`grows no faster than the group: ${shape}`, () => {
      const [one, two] = [128, 256].map((size) =>
        looked(shape, size, (group) => groupScreen(groupView(group, 0), at())),
      )
      for (const what of ['wires', 'names'] as const)
        assert.ok(two![what] <= 2.3 * one![what], `${what}: ${one![what]} looks for 128 members, ${two![what]} for 256`)
    })
})
