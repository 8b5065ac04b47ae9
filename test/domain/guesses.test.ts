import assert from 'node:assert/strict'
import type { RevisionId } from '../../src/domain/group/member.ts'
import { guessesOf } from '../../src/domain/plan/guesses.ts'
import { prove } from '../../src/domain/plan/prove.ts'
import { anybodyIn, type Guess } from '../../src/domain/trace/guess.ts'
import { mixing } from '../../src/domain/trace/mixing.ts'
import type { Moment } from '../../src/domain/trace/moments.ts'
import type { Release } from '../../src/domain/trace/releases.ts'
import { targetsOf } from '../../src/domain/trace/requests.ts'
import { violationKey, violations } from '../../src/domain/trace/violations.ts'
import { memberOf, sceneOf } from '../support/scenes.ts'

/** A moment in which a Service selects one revision, and nothing else is there. */
function behind(service: string, id?: RevisionId): Moment {
  const none = new Set<RevisionId>()
  const there = new Set(id === undefined ? [] : [id])
  return {
    selects: new Map(id === undefined ? [] : [[service, [id]]]),
    ...{ present: there, ready: there, carrying: none, held: none, roles: new Map(), shut: undefined },
  }
}

describe('calls that revisions may make to anybody', () => {
  it('lead to no Service of their own member, whatever comes to light of those behind it', () => {
    const scene = sceneOf({
      members: [
        { name: 'asker', live: {} },
        { name: 'shop', live: { env: { STORE_URL: 'store-active' } }, next: {} },
        { name: 'store', live: {} },
      ],
    })
    const { group } = scene
    const [asker, shop, store] = ['asker', 'shop', 'store'].map((name) => memberOf(group, name))
    const reached = [shop!.next!, shop!.live!, store!.live!, asker!.live!]
    const releases: readonly Release[] = ['new', 'old', 'new', 'either']
    const staged = {
      ...scene,
      releases: { ...scene.releases, of: new Map(reached.map(({ id }, index) => [id, releases[index]!])) },
      state: new Map([
        ['asker', [behind('asker-active')]],
        ['shop', [behind('shop-active', shop!.live!.id)]],
        ['store', [behind('store-active', store!.live!.id)]],
      ]),
    }
    const anybody = anybodyIn(group, () => true)
    const asked = new Set<object>([shop!.next!, asker!.live!])
    const guessing = (from: object): Guess => ({ anybody: asked.has(from) ? anybody : undefined, wires: [] })
    const calls = new Map(reached.map((each) => [each, targetsOf(staged, each)]))
    const found = mixing(staged, reached, calls, guessing)
    assert.deepEqual([...found].map(({ id }) => id).sort(), ['asker/askerlive', 'shop/shoplive'])
  })
  it('are excused where the same users came to the same empty Service for certain', () => {
    const unknown = { containers: [{ name: 'main', image: 'a', envFrom: [{ secretRef: { name: 'urls' } }] }] }
    const scene = sceneOf({
      members: [
        { name: 'shop', live: { env: { CART_URL: 'cart-active' } } },
        { name: 'cart', live: { env: { STORE_URL: 'store-preview' } }, next: { template: unknown } },
        { name: 'store', live: {}, next: { available: 0 } },
      ],
    })
    assert.ok(violations(scene).some(({ kind }) => kind === 'dead'))
    const moved = behind('cart-active', memberOf(scene.group, 'cart').next!.id)
    const after = { ...scene, state: new Map([...scene.state, ['cart', [moved]]]) }
    const found = guessesOf(scene, false)!(after).filter(({ kind }) => kind === 'dead')
    assert.deepEqual(found.map(violationKey), [])
  })
  it('are made, too, by whom users had not come to: it is bound by nothing that was so', () => {
    const image = 'shop/middle:7'
    const env = [{ name: 'APP_VERSION', value: '7' }]
    const unknown = { containers: [{ name: 'main', image, env, envFrom: [{ secretRef: { name: 'urls' } }] }] }
    const scene = sceneOf(
      {
        members: [
          { name: 'front', live: { version: '1.0', env: { MIDDLE_URL: 'middle-active' } }, next: { version: '2.0' } },
          { name: 'middle', live: { version: '7', image }, next: { template: unknown } },
          { name: 'back', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
      },
      { settingsOnly: true },
    )
    const { doubted } = prove(scene, [[{ member: 'middle', action: 'promote' }]])
    assert.ok(doubted.some(({ violation: { kind, root } }) => kind === 'mixed' && root.id === 'front/frontlive'))
  })
})
