import assert from 'node:assert/strict'
import fc from 'fast-check'
import { edited } from '../../src/domain/manifests/edit.ts'
import { type Manifest, parseManifest } from '../../src/domain/manifests/manifest.ts'
import { lackingLabel } from '../../src/domain/group/membership.ts'
import { WIRINGS } from '../../src/domain/manifests/wiring.ts'
import { at, text } from '../../src/domain/objects/fields.ts'
import { RELEASE } from '../../src/domain/objects/labels.ts'
import { rewire } from '../../src/domain/rewire/rewire.ts'
import { unpin } from '../../src/domain/rewire/unpin.ts'
import { GROUP, manifestsOf, nameOf } from '../properties/group-manifests.ts'
import { anyGroup, type GroupSpec } from '../properties/group-spec.ts'

const AROUND = {
  group: GROUP,
  namespace: 'random',
  belongs: (rollout: unknown) => !lackingLabel(rollout, new Map([['app.kubernetes.io/part-of', GROUP]])),
}
const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 150) }

function filesOf(spec: GroupSpec): Manifest[] {
  const objects = spec.members.flatMap((_, index) => manifestsOf(spec, index, 'new'))
  return again([...new Map(objects.map((each) => [keyOf(each), each])).values()])
}

function again(objects: readonly unknown[]): Manifest[] {
  return objects.map((each, index) => {
    const parsed = parseManifest(each, `file.yaml:${index + 1}`)
    assert.ok(!('why' in parsed))
    return parsed
  })
}

const keyOf = (object: unknown) => `${text(at(object, 'kind'))} ${text(at(object, 'metadata', 'name'))}`

describe('rewiring of any group', () => {
  it('is made of its edits and of what it adds, and changes nothing when it is done twice', () => {
    let done = 0
    fc.assert(
      fc.property(anyGroup, fc.constantFrom(...WIRINGS), (spec, wiring) => {
        const files = filesOf(spec)
        const before = JSON.stringify(files)
        const first = rewire(files, AROUND, { wiring })
        assert.equal(JSON.stringify(files), before)
        const made = files.map((each) =>
          edited(
            each.object,
            first.edits.filter(({ manifest }) => manifest === each),
          ),
        )
        assert.deepEqual(first.objects, [...made, ...first.added])
        if (first.findings.some((each) => each.severity === 'error')) {
          assert.deepEqual([first.edits, first.added], [[], []])
          return
        }
        done += 1
        const second = rewire(again(first.objects), AROUND, { wiring, release: first.release })
        assert.deepEqual([second.edits, second.added], [[], []])
      }),
      RUNS,
    )
    assert.ok(done > 20)
  })

  it('that is pinned leads every call of a member to a Service of its release, and back again', () => {
    let done = 0
    fc.assert(
      fc.property(anyGroup, (spec) => {
        const files = filesOf(spec)
        const pinned = rewire(files, AROUND, { wiring: 'pinned' })
        if (pinned.findings.some((each) => each.severity === 'error')) return
        done += 1
        for (const { consumer, dependency, wiring } of spec.edges) {
          const template = at(
            pinned.objects.find((each) => keyOf(each) === `Rollout ${nameOf(consumer)}`),
            'spec',
            'template',
          )
          const copies = pinned.added.filter(
            (each) => at(each, 'kind') === 'ConfigMap' && JSON.stringify(template).includes(keyOf(each).split(' ')[1]!),
          )
          const service = pinned.added.find(
            (each) =>
              at(each, 'spec', 'selector', 'app') === nameOf(dependency) &&
              JSON.stringify([template, copies]).includes(keyOf(each).split(' ')[1]!),
          )
          assert.equal(at(service, 'spec', 'selector', RELEASE), pinned.release, wiring)
        }
        const back = unpin(again(pinned.objects), AROUND)
        assert.deepEqual(
          back.findings.filter((each) => each.severity === 'error'),
          [],
        )
        assert.ok(!JSON.stringify(back.objects).includes('rollouts-group/release'))
        assert.deepEqual(back.objects.map(keyOf).sort(), files.map((each) => keyOf(each.object)).sort())
      }),
      RUNS,
    )
    assert.ok(done > 20)
  })
})
