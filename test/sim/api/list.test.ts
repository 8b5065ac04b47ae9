import assert from 'node:assert/strict'
import { Api, CONFIGMAPS, ROLLOUTS, SERVICES, type Reply } from './api.ts'

describe('a list', () => {
  let api: Api
  beforeEach(() => {
    api = new Api()
    for (const name of ['e', 'd', 'c', 'b', 'a'])
      api.ask('POST', CONFIGMAPS, { body: { metadata: { name, labels: { tier: name < 'c' ? 'one' : 'two' } } } })
  })
  const get = (query = '', path = CONFIGMAPS): Reply => api.ask('GET', `${path}?${query}`)
  const names = ({ body }: Reply): string => body.items.map((each: any) => each.metadata.name).join('')
  /** All pages from the first on, with something done after each. */
  const pages = (query: string, between: (page: number) => void = () => undefined): string[] => {
    const seen: string[] = []
    for (let token = ''; ; ) {
      const reply = get(`${query}&continue=${token}`)
      seen.push(names(reply))
      between(seen.length)
      token = reply.body.metadata.continue ?? ''
      if (token === '') return seen
    }
  }

  it('is sorted by namespace and name, and says at which version it was read', () => {
    const reply = get()
    assert.equal(names(reply), 'abcde')
    assert.deepEqual(
      [reply.body.kind, reply.body.apiVersion, reply.body.metadata],
      ['ConfigMapList', 'v1', { resourceVersion: String(api.store.version) }],
    )
  })

  it('of custom resources names the kind of each item, of others only its own', () => {
    assert.deepEqual(
      [get('', ROLLOUTS).body.items[0].kind, get('', ROLLOUTS).body.items[0].apiVersion],
      ['Rollout', 'argoproj.io/v1alpha1'],
    )
    assert.deepEqual([get().body.items[0].kind, get().body.items[0].apiVersion], [undefined, undefined])
  })

  it('of all namespaces, or of one', () => {
    api.store.create('configmaps', 'modern', { metadata: { name: 'x' } })
    api.store.create('configmaps', 'leg', { metadata: { name: 'y' } })
    assert.equal(names(get('', '/api/v1/configmaps')), 'yabcdex')
    assert.equal(names(get('', '/api/v1/namespaces/modern/configmaps')), 'x')
    assert.equal(names(get('', '/api/v1/namespaces/nowhere/configmaps')), '')
  })

  it('is limited by selectors', () => {
    assert.equal(names(get('labelSelector=tier%3Done')), 'ab')
    assert.equal(names(get('labelSelector=tier%20in%20(two)&fieldSelector=metadata.name!=c')), 'de')
    assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?labelSelector=a%20b`), [
      400,
      'BadRequest',
      'unable to parse requirement: a b',
    ])
    assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?fieldSelector=data.x%3D1`), [
      400,
      'BadRequest',
      'field label not supported: data.x',
    ])
  })

  describe('in pages', () => {
    it('comes whole, in order, with no empty last page', () => {
      assert.deepEqual(pages('limit=2'), ['ab', 'cd', 'e'])
      assert.deepEqual(pages('limit=5'), ['abcde'])
      assert.deepEqual(pages('limit=1'), ['a', 'b', 'c', 'd', 'e'])
      assert.deepEqual(pages('limit=0'), ['abcde'])
      assert.deepEqual(pages('limit=2&labelSelector=tier%3Dtwo'), ['cd', 'e'])
    })

    it('says how many remain, unless it selects', () => {
      assert.equal(get('limit=2').body.metadata.remainingItemCount, 3)
      const { remainingItemCount, continue: next } = get('limit=1&labelSelector=tier').body.metadata
      assert.deepEqual([remainingItemCount, typeof next], [undefined, 'string'])
    })

    it('shows one moment, whatever happens between the pages', () => {
      const versions = new Set<string>()
      const read = pages('limit=2', (page) => {
        versions.add(get('limit=1').body.metadata.resourceVersion)
        if (page > 1) return
        api.ask('POST', SERVICES, { body: { metadata: { name: 'e' } } })
        api.ask('DELETE', `${CONFIGMAPS}/d`)
        api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'bb' } } })
        api.ask('PATCH', `${CONFIGMAPS}/e`, {
          type: 'application/merge-patch+json',
          body: { metadata: { labels: { tier: 'new' } } },
        })
        api.ask('DELETE', `${CONFIGMAPS}/c`)
        api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'c', labels: { tier: 'again' } } } })
      })
      assert.deepEqual(read, ['ab', 'cd', 'e'])
      assert.equal(versions.size, 2)
      assert.equal(names(get()), 'abbbce')
    })

    it('shows its objects as they were at that moment', () => {
      const first = get('limit=4').body.metadata
      api.ask('PATCH', `${CONFIGMAPS}/e`, { type: 'application/merge-patch+json', body: { data: { a: 'b' } } })
      const last = get(`limit=4&continue=${first.continue}`).body
      assert.deepEqual([last.items[0].data, last.metadata.resourceVersion], [undefined, first.resourceVersion])
    })

    it('is gone when its version is: 410', () => {
      const token = get('limit=2').body.metadata.continue
      api.ask('DELETE', `${CONFIGMAPS}/e`)
      api.store.compact()
      const [code, reason, message] = api.refusal('GET', `${CONFIGMAPS}?limit=2&continue=${token}`)
      assert.deepEqual([code, reason], [410, 'Expired'])
      assert.match(message, /^The provided continue parameter is too old/)
    })

    for (const token of [
      'x',
      '%00',
      'bnVsbA',
      Buffer.from('{"rv":"1","start":"a"}').toString('base64url'),
      Buffer.from('{"rv":1e999,"start":"a"').toString('base64url'),
    ]) {
      it(`does not go on from ${token}`, () =>
        assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?continue=${token}`).slice(0, 2), [400, 'BadRequest']))
    }

    it('takes no version beside the token', () => {
      const token = get('limit=2').body.metadata.continue
      assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?resourceVersion=1001&continue=${token}`), [
        400,
        'BadRequest',
        'specifying resource version is not allowed when using continue',
      ])
      assert.equal(names(get(`resourceVersion=0&continue=${token}`)), 'cde')
    })

    it('takes no limit that is no number', () => {
      for (const limit of ['many', '1.5', '1e1'])
        assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?limit=${limit}`).slice(0, 2), [400, 'BadRequest'], limit)
    })
  })

  describe('of a version', () => {
    const before = (): number => {
      const { version } = api.store
      api.ask('DELETE', `${CONFIGMAPS}/e`)
      return version
    }

    it('that is asked for exactly is the past', () => {
      const version = before()
      assert.equal(names(get(`resourceVersion=${version}&resourceVersionMatch=Exact`)), 'abcde')
      assert.equal(
        get(`resourceVersion=${version}&resourceVersionMatch=Exact`).body.metadata.resourceVersion,
        String(version),
      )
    })

    it('is the past, too, where a page of it is asked for', () =>
      assert.deepEqual(pages(`limit=9&resourceVersion=${before()}`), ['abcde']))

    it('is otherwise the newest', () => {
      const version = before()
      for (const query of [
        `resourceVersion=${version}`,
        `resourceVersion=${version}&resourceVersionMatch=NotOlderThan&limit=9`,
        'resourceVersion=0',
        'resourceVersion=0&limit=9',
        'resourceVersion=',
        '',
      ]) {
        assert.equal(names(get(query)), 'abcd', query)
        assert.equal(get(query).body.metadata.resourceVersion, String(api.store.version))
      }
    })

    it('that has been compacted is gone: 410', () => {
      const version = before()
      api.store.compact()
      assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?resourceVersion=${version}&resourceVersionMatch=Exact`), [
        410,
        'Expired',
        'The resourceVersion for the provided list is too old.',
      ])
      assert.equal(names(get(`resourceVersion=${version}`)), 'abcd')
    })

    it('that is yet to come is a timeout: 504', () => {
      const { version } = api.store
      assert.deepEqual(api.refusal('GET', `${CONFIGMAPS}?resourceVersion=${version + 1}`), [
        504,
        'Timeout',
        `Timeout: Too large resource version: ${version + 1}, current: ${version}`,
      ])
    })

    it('that is no version is a bad request', () => {
      for (const version of ['x', '-1', '1.5', '0x10'])
        assert.deepEqual(
          api.refusal('GET', `${CONFIGMAPS}?resourceVersion=${version}`).slice(0, 2),
          [400, 'BadRequest'],
          version,
        )
    })
  })

  it('of one object is that object, or 404 by its name', () => {
    assert.equal(api.ask('GET', `${CONFIGMAPS}/a`).body, api.store.get('configmaps', 'legacy', 'a'))
    assert.deepEqual(api.ask('GET', `${ROLLOUTS}/x`).body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'rollouts.argoproj.io "x" not found',
      reason: 'NotFound',
      details: { name: 'x', group: 'argoproj.io', kind: 'rollouts' },
      code: 404,
    })
    assert.deepEqual(api.refusal('GET', `${SERVICES}/x`), [404, 'NotFound', 'services "x" not found'])
  })
})
