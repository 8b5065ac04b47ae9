import assert from 'node:assert/strict'
import { defaulted, undefaulted } from '../../src/domain/deploy/defaulted.ts'

const container = (more: object = {}) => ({ name: 'main', image: 'shop/web:1', ...more })
const template = (spec: object) => ({ metadata: { labels: { app: 'web' } }, spec })

describe('a pod template that was not stored yet', () => {
  const written = template({ containers: [container()], nodeName: 'a' })
  const stored = template({
    containers: [{ name: 'mesh', image: 'mesh' }, container({ imagePullPolicy: 'Always', ports: [] })],
    nodeName: 'a',
    dnsPolicy: 'ClusterFirst',
  })

  it('has the defaults that the API server gave to the one before, by the names of containers', () =>
    assert.deepEqual(
      defaulted(template({ containers: [container({ image: 'shop/web:2' })], nodeName: 'b' }), written, stored),
      template({
        containers: [container({ image: 'shop/web:2', imagePullPolicy: 'Always', ports: [] })],
        nodeName: 'b',
        dnsPolicy: 'ClusterFirst',
      }),
    ))

  it('keeps what it says otherwise, and lacks what it says no more', () =>
    assert.deepEqual(
      defaulted(template({ containers: [container({ imagePullPolicy: 'Never' })] }), written, stored),
      template({ containers: [container({ imagePullPolicy: 'Never', ports: [] })], dnsPolicy: 'ClusterFirst' }),
    ))

  it('stays as it is where nobody knows what was written', () => {
    const given = template({ containers: [container()] })
    assert.equal(defaulted(given, undefined, stored), given)
  })
})

describe('a pod template that was stored', () => {
  const written = template({ containers: [container()], nodeName: 'a' })
  const stored = defaultsIn(written)

  function defaultsIn({ spec }: ReturnType<typeof template>) {
    const { containers, ...rest } = spec as { readonly containers: readonly object[] }
    const full = containers.map((each) => ({ imagePullPolicy: 'Always', resources: {}, ...each }))
    return template({ dnsPolicy: 'ClusterFirst', containers: full, ...rest })
  }

  for (const [what, earlier] of [
    ['with another image', template({ containers: [container({ image: 'shop/web:0' })], nodeName: 'a' })],
    ['that says otherwise what has a default', template({ containers: [container({ imagePullPolicy: 'Never' })] })],
    ['that says what is not said any more', template({ containers: [container({ env: [] })], hostNetwork: true })],
  ] as const)
    it(`is as it was written, ${what}`, () =>
      assert.deepEqual(undefaulted(defaultsIn(earlier), written, stored), earlier))

  it('stays as it is where nobody knows what was written', () =>
    assert.deepEqual(undefaulted(stored, undefined, undefined), stored))
})
