import assert from 'node:assert/strict'
import { at, fields } from '../../src/domain/objects/fields.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { containerPorts } from '../../src/domain/objects/pod-template.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { legacyPair, world } from '../support/objects.ts'

const pods = (version: string, ...names: readonly string[]) => ({
  version,
  template: {
    containers: [
      {
        name: 'main',
        image: `loan:${version}`,
        env: [{ name: 'APP_VERSION', value: version }],
        ports: names.map((name, index) => ({ containerPort: 8080 + index, name })),
      },
    ],
  },
})

/** What is told of the backend's ports, where its Services send to these targets. */
function saidOf(live: readonly string[], next: readonly string[], ...targets: readonly (string | number)[]): string[] {
  const snapshot = world(legacyPair({ backend: { live: pods('1.0', ...live), next: pods('2.0', ...next) } }))
  const ports = targets.map((targetPort, index) => ({ name: `p${index}`, port: 80 + index, targetPort }))
  const services = snapshot.services.map((each) =>
    String(at(each, 'metadata', 'name')).startsWith('backend')
      ? { ...fields(each), spec: { ...fields(at(each, 'spec')), ports } }
      : each,
  )
  return makePlan(readGroup({ ...snapshot, services }, 'loan'), 'promote-all')
    .findings.filter((each) => each.code === 'dead-end')
    .map((each) => each.sentence)
}

describe('a port of a Service that leads to a name', () => {
  it('is refused where the next pods have lost that name, once', () =>
    assert.deepEqual(saidOf(['web'], ['http'], 'web'), [
      'Services backend-active and backend-preview send to a port named web, which my-backend 2.0 does not have: ' +
        'nobody would reach its pods there',
    ]))
  it('is nothing to tell where they have it, at another number', () =>
    assert.deepEqual(saidOf(['web'], ['admin', 'web'], 'web'), []))
  it('is nothing new where the live pods have it not either', () =>
    assert.deepEqual(saidOf(['web'], ['web'], 'web', 'metrics'), []))
  it('may be of a container that starts before and stays', () => {
    const has = (name: string, more: object = {}) => ({ ports: [{ name, containerPort: 80 }], ...more })
    const initContainers = [has('http', { restartPolicy: 'Always' }), has('setup')]
    const found = containerPorts({ spec: { containers: [has('admin')], initContainers } })
    assert.deepEqual(
      found.map(({ name }) => name),
      ['admin', 'http'],
    )
  })
  it('is nothing to tell where it leads to a number', () => assert.deepEqual(saidOf(['web'], ['http'], 8080), []))
})
