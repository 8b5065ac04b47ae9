import assert from 'node:assert/strict'
import { outsideServices } from '../../src/domain/group/outside-services.ts'
import { parseServices } from '../../src/domain/objects/service.ts'

const service = (name: string, selector: Record<string, string>, managedBy?: string) => ({
  metadata: {
    name,
    ...(managedBy !== undefined && { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': managedBy } }),
  },
  spec: { selector },
})
const outside = (...services: readonly object[]) =>
  Object.fromEntries(outsideServices(parseServices(services, []), new Set(['member']), new Map([['own', []]])))

describe('Services of Rollouts outside the group', () => {
  it('are those that are managed for one, and those that select its pods, too', () =>
    assert.deepEqual(
      outside(
        service('shop-active', { app: 'shop' }, 'shop'),
        service('shop-all', { app: 'shop', tier: 'web' }),
        service('of-a-member', { app: 'm' }, 'member'),
        service('another', { app: 'other' }),
        service('own', { app: 'shop' }),
        service('by-hand', {}, undefined),
      ),
      { 'shop-active': 'shop', 'shop-all': 'shop' },
    ))

  it('that two of them could have belong to the first', () =>
    assert.deepEqual(
      outside(service('one', { b: '2' }, 'x'), service('two', { a: '1' }, 'y'), service('both', { a: '1', b: '2' })),
      {
        one: 'x',
        two: 'y',
        both: 'x',
      },
    ))
})
