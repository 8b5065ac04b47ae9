import assert from 'node:assert/strict'
import { Api, CONFIGMAPS, DEPLOYMENTS, LEASES, ROLLOUTS, SERVICES } from './api.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'
const MINE = `${ROLLOUTS}/my-backend`

describe('the API', () => {
  let api: Api
  beforeEach(() => {
    api = new Api()
  })

  describe('creates', () => {
    it('an object, and answers it with 201', () => {
      const { code, body } = api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'settings' }, data: { a: 'b' } } })
      assert.deepEqual(
        [code, body.kind, body.apiVersion, body.metadata.namespace, body.data],
        [201, 'ConfigMap', 'v1', 'legacy', { a: 'b' }],
      )
      assert.equal(api.store.get('configmaps', 'legacy', 'settings'), body)
    })

    it('a Service with the defaults it has on a cluster', () => {
      const { body } = api.ask('POST', SERVICES, {
        body: { metadata: { name: 's' }, spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } },
      })
      assert.deepEqual(
        { ...body.spec, clusterIP: '' },
        {
          type: 'ClusterIP',
          clusterIP: '',
          clusterIPs: [body.spec.clusterIP],
          sessionAffinity: 'None',
          internalTrafficPolicy: 'Cluster',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          selector: { app: 'x' },
          ports: [{ protocol: 'TCP', targetPort: 80, port: 80 }],
        },
      )
      assert.match(body.spec.clusterIP, /^10\.96\.\d+\.\d+$/)
    })

    it('a Service with them again where a patch takes them out, and with its address', () => {
      const { spec } = api.ask('POST', SERVICES, {
        body: { metadata: { name: 'again' }, spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } },
      }).body
      const bare = { sessionAffinity: null, ipFamilies: null, clusterIP: null, clusterIPs: null, ports: [{ port: 80 }] }
      const { body } = api.ask('PATCH', `${SERVICES}/again`, { body: { spec: bare }, type: MERGE })
      assert.deepEqual(body.spec, spec)
    })

    it('no two Services of one address, also in two namespaces', () => {
      const own = new Api()
      own.store.create('namespaces', undefined, { metadata: { name: 'other' } })
      const made = ['legacy', 'other'].map(
        (namespace) =>
          own.ask('POST', `/api/v1/namespaces/${namespace}/services`, { body: { metadata: { name: 's' } } }).body.spec
            .clusterIP,
      )
      assert.equal(new Set(made).size, 2)
    })

    it('a headless Service, and one that is an alias, without an address', () => {
      const specOf = (name: string, spec: object) =>
        api.ask('POST', SERVICES, { body: { metadata: { name }, spec } }).body.spec
      const { clusterIP, clusterIPs } = specOf('headless', { clusterIP: 'None' })
      assert.deepEqual([clusterIP, clusterIPs], ['None', ['None']])
      const alias = { type: 'ExternalName', externalName: 'api.example.com' }
      assert.deepEqual(specOf('alias', alias), { ...alias, sessionAffinity: 'None' })
    })

    it('nothing with dryRun=All, and answers as if', () => {
      const { code, body } = api.ask('POST', `${CONFIGMAPS}?dryRun=All`, { body: { metadata: { generateName: 'x-' } } })
      assert.deepEqual([code, body.metadata.name.slice(0, 2), [...api.store.all('configmaps')]], [201, 'x-', []])
      assert.deepEqual(
        api.refusal('POST', `${CONFIGMAPS}?dryRun=yes`, { body: { metadata: { name: 'x' } } }).slice(0, 2),
        [422, 'Invalid'],
      )
    })

    const wrong = (text: string) =>
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal ${text}`
    for (const [what, body, refusal] of [
      [
        'a second object of the same name',
        { metadata: { name: 'twice' } },
        [409, 'AlreadyExists', 'configmaps "twice" already exists'],
      ],
      [
        'an object without a name',
        { metadata: {} },
        [422, 'Invalid', 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
      ],
      [
        'an object of another version',
        { apiVersion: 'v2', metadata: { name: 'x' } },
        [400, 'BadRequest', 'the API version in the data (v2) does not match the expected API version (v1)'],
      ],
      [
        'an object of another kind',
        { kind: 'Pod', metadata: { name: 'x' } },
        [400, 'BadRequest', 'Pod in version "v1" cannot be handled as a ConfigMap'],
      ],
      [
        'an object of another namespace',
        { metadata: { name: 'x', namespace: 'modern' } },
        [400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request'],
      ],
      ['a list', [], [400, 'BadRequest', wrong('array into Go value of type map[string]interface {}')]],
      [
        'metadata of null',
        { metadata: null },
        [400, 'BadRequest', wrong('null into Go struct field .metadata of type v1.ObjectMeta')],
      ],
      [
        'a name that is a number',
        { metadata: { name: 7 } },
        [400, 'BadRequest', wrong('number into Go struct field ObjectMeta.metadata.name of type string')],
      ],
      [
        'labels that are texts',
        { metadata: { name: 'x', labels: 'a=b' } },
        [400, 'BadRequest', wrong('string into Go struct field ObjectMeta.metadata.labels of type map[string]string')],
      ],
      [
        'a label that is a truth',
        { metadata: { name: 'x', labels: { a: true } } },
        [400, 'BadRequest', wrong('bool into Go struct field ObjectMeta.metadata.labels of type string')],
      ],
    ] as const) {
      it(`not ${what}`, () => {
        api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'twice' } } })
        assert.deepEqual(api.refusal('POST', CONFIGMAPS, { body }), refusal)
      })
    }

    for (const name of ['', 'Capital', '-a', 'a-', 'a..b', 'a/b', '../x', '__proto__']) {
      it(`nothing named ${JSON.stringify(name)}, also not by generateName`, () => {
        const invalid = [
          422,
          'Invalid',
          `ConfigMap "${name}" is invalid: metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of`,
        ]
        const refused = (metadata: unknown) =>
          api
            .refusal('POST', CONFIGMAPS, { body: { metadata } })
            .map((each) => (typeof each === 'string' ? each.replace(/(must consist of).*/, '$1') : each))
        assert.deepEqual(refused({ name }), invalid)
        if (!['', 'a-'].includes(name)) assert.deepEqual(refused({ generateName: name }), invalid)
      })
    }

    it('nothing in a namespace that is not there', () =>
      assert.deepEqual(
        api.refusal('POST', '/api/v1/namespaces/nowhere/configmaps', { body: { metadata: { name: 'x' } } }),
        [404, 'NotFound', 'namespaces "nowhere" not found'],
      ))

    it('nothing without telling in the details of the refusal whom it is about', () => {
      api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'twice' } } })
      const details = (path: string, name: string) =>
        api.ask('POST', path, { body: { metadata: { name } } }).body.details
      assert.deepEqual(details(CONFIGMAPS, 'twice'), { name: 'twice', kind: 'configmaps' })
      assert.deepEqual(details(ROLLOUTS, 'my-backend'), { name: 'my-backend', group: 'argoproj.io', kind: 'rollouts' })
      assert.deepEqual(details('/api/v1/namespaces/nowhere/configmaps', 'x'), { name: 'nowhere', kind: 'namespaces' })
      assert.equal(details(CONFIGMAPS, '-'), undefined)
    })

    it('nothing of what is not JSON, and takes no type but JSON', () => {
      for (const body of ['', '{', 'metadata: {}', 'null', '7', '"x"'])
        assert.deepEqual(api.refusal('POST', CONFIGMAPS, { body }).slice(0, 2), [400, 'BadRequest'], body)
      assert.deepEqual(api.refusal('POST', CONFIGMAPS, { body: '{}', type: 'application/yaml' }), [
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json',
      ])
      assert.equal(
        api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'x' } }, type: 'Application/JSON; charset=utf-8' })
          .code,
        201,
      )
    })

    it('nothing nested without end', () => {
      const deep = (levels: number): string =>
        `{"metadata":{"name":"x"},"data":${'['.repeat(levels)}${']'.repeat(levels)}}`
      assert.deepEqual(api.refusal('POST', CONFIGMAPS, { body: deep(100_000) }).slice(0, 2), [400, 'BadRequest'])
      assert.equal(api.ask('POST', CONFIGMAPS, { body: deep(100) }).code, 201)
    })

    it('a __proto__ that is a key as any other', () => {
      const { body } = api.ask('POST', CONFIGMAPS, {
        body: '{"metadata": {"name": "x", "labels": {"__proto__": "1"}}, "data": {"__proto__": "1", "constructor": "2"}, "__proto__": {"admin": true}}',
      })
      assert.deepEqual(
        [body.admin, ({} as any).admin, Object.keys(body.data), body.data.toString],
        [undefined, undefined, ['__proto__', 'constructor'], Object.prototype.toString],
      )
    })

    it('a Service whose ports are no ports', () =>
      assert.equal(api.ask('POST', SERVICES, { body: { metadata: { name: 's' }, spec: { ports: 'http' } } }).code, 201))
  })

  describe('replaces', () => {
    const put = (path: string, body: unknown) => api.ask('PUT', path, { body })
    const version = (): string => api.store.get('rollouts', 'legacy', 'my-backend')!.metadata.resourceVersion

    it('an object as a whole', () => {
      const { code, body } = put(MINE, {
        metadata: { name: 'my-backend', resourceVersion: version() },
        spec: { replicas: 1 },
      })
      assert.deepEqual(
        [code, body.spec, body.metadata.labels, body.metadata.generation],
        [200, { replicas: 1 }, undefined, 2],
      )
    })

    it('its status alone through /status', () => {
      const { body } = put(`${MINE}/status`, {
        metadata: { name: 'my-backend', resourceVersion: version() },
        spec: { replicas: 1 },
        status: { phase: 'Paused' },
      })
      assert.deepEqual(
        [body.spec, body.status, body.metadata.labels],
        [{ replicas: 3 }, { phase: 'Paused' }, { app: 'my-backend' }],
      )
    })

    it('no Rollout and no Lease without a version; a ConfigMap, yes', () => {
      assert.deepEqual(api.refusal('PUT', MINE, { body: { metadata: { name: 'my-backend' } } }), [
        422,
        'Invalid',
        'rollouts.argoproj.io "my-backend" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
      ])
      api.ask('POST', LEASES, { body: { metadata: { name: 'l' } } })
      assert.deepEqual(api.refusal('PUT', `${LEASES}/l`, { body: { metadata: { name: 'l' } } }).slice(0, 2), [
        422,
        'Invalid',
      ])
      api.ask('POST', CONFIGMAPS, { body: { metadata: { name: 'c' } } })
      assert.equal(put(`${CONFIGMAPS}/c`, { metadata: { name: 'c' }, data: { a: 'b' } }).code, 200)
    })

    it('nothing on another version, under another name, or that is not there', () => {
      assert.deepEqual(
        api.refusal('PUT', MINE, { body: { metadata: { name: 'my-backend', resourceVersion: '1' } } }).slice(0, 2),
        [409, 'Conflict'],
      )
      assert.deepEqual(api.refusal('PUT', MINE, { body: { metadata: { name: 'x' } } }), [
        400,
        'BadRequest',
        'the name of the object (x) does not match the name on the URL (my-backend)',
      ])
      for (const resourceVersion of ['1', undefined]) {
        assert.deepEqual(api.refusal('PUT', `${ROLLOUTS}/x`, { body: { metadata: { name: 'x', resourceVersion } } }), [
          404,
          'NotFound',
          'rollouts.argoproj.io "x" not found',
        ])
      }
    })

    it('nothing without telling in the details of a conflict whom it is about', () => {
      const about = { name: 'my-backend', group: 'argoproj.io', kind: 'rollouts' }
      const body = { metadata: { name: 'my-backend', resourceVersion: '1' } }
      for (const [method, sent] of [
        ['PUT', body],
        ['DELETE', { preconditions: { resourceVersion: '1' } }],
        ['PUT', { metadata: { name: 'my-backend' } }],
      ] as const)
        assert.deepEqual(api.ask(method, MINE, { body: sent }).body.details, about)
    })

    it('nothing with dryRun=All', () => {
      assert.equal(
        api.ask('PUT', `${MINE}?dryRun=All`, {
          body: { metadata: { name: 'my-backend', resourceVersion: version() }, spec: { replicas: 9 } },
        }).body.spec.replicas,
        9,
      )
      assert.equal(api.store.get('rollouts', 'legacy', 'my-backend')!.spec.replicas, 3)
    })
  })

  describe('patches', () => {
    it('by a JSON patch', () => {
      const { code, body } = api.ask('PATCH', `${MINE}/status`, {
        type: JSON_PATCH,
        body: [
          { op: 'test', path: '/spec/replicas', value: 3 },
          { op: 'add', path: '/status', value: { abort: true } },
        ],
      })
      assert.deepEqual([code, body.status], [200, { abort: true }])
    })

    it('by a merge patch', () =>
      assert.deepEqual(api.ask('PATCH', MINE, { type: MERGE, body: { spec: { paused: true } } }).body.spec, {
        replicas: 3,
        paused: true,
      }))

    it('by a strategic merge patch, no custom resource', () => {
      api.ask('POST', DEPLOYMENTS, {
        body: {
          metadata: { name: 'd' },
          spec: { template: { spec: { containers: [{ name: 'a', image: '1' }, { name: 'b' }] } } },
        },
      })
      const body = { spec: { template: { spec: { containers: [{ name: 'a', image: '2' }] } } } }
      const { spec, metadata } = api.ask('PATCH', `${DEPLOYMENTS}/d`, { type: STRATEGIC, body }).body
      assert.deepEqual(
        [spec.template.spec.containers, metadata.generation],
        [[{ name: 'a', image: '2' }, { name: 'b' }], 2],
      )
      assert.deepEqual(api.refusal('PATCH', MINE, { type: STRATEGIC, body: {} }), [
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: ${JSON_PATCH}, ${MERGE}`,
      ])
      assert.deepEqual(api.refusal('PATCH', `${DEPLOYMENTS}/x`, { type: STRATEGIC, body }).slice(0, 2), [
        404,
        'NotFound',
      ])
      assert.deepEqual(
        api
          .refusal('PATCH', `${DEPLOYMENTS}/d`, { type: STRATEGIC, body: { metadata: { resourceVersion: '1' } } })
          .slice(0, 2),
        [409, 'Conflict'],
      )
      assert.deepEqual(
        api.refusal('PATCH', `${DEPLOYMENTS}/d`, { type: STRATEGIC, body: { $patch: 'delete' } }).slice(0, 2),
        [422, 'Invalid'],
      )
    })

    it('nothing with dryRun=All', () => {
      assert.equal(
        api.ask('PATCH', `${MINE}?dryRun=All`, { type: MERGE, body: { spec: { replicas: 9 } } }).body.spec.replicas,
        9,
      )
      assert.equal(api.store.get('rollouts', 'legacy', 'my-backend')!.spec.replicas, 3)
    })

    for (const [what, asked, refusal] of [
      ['without a type', { body: {} }, [415, 'UnsupportedMediaType']],
      ['of the wrong type', { type: 'application/json', body: {} }, [415, 'UnsupportedMediaType']],
      ['by a server-side apply of nobody', { type: 'application/apply-patch+yaml', body: {} }, [422, 'Invalid']],
      ['that is no JSON', { type: MERGE, body: '{' }, [400, 'BadRequest']],
      ['that is null', { type: MERGE, body: 'null' }, [400, 'BadRequest']],
      ['that is nothing', { type: JSON_PATCH, body: '' }, [400, 'BadRequest']],
      ['that is an object and not a list of operations', { type: JSON_PATCH, body: {} }, [400, 'BadRequest']],
      ['that is a list and not an object', { type: MERGE, body: [] }, [400, 'BadRequest']],
      [
        'whose test does not hold',
        { type: JSON_PATCH, body: [{ op: 'test', path: '/spec/replicas', value: 4 }] },
        [422, 'Invalid'],
      ],
      ['that makes texts of labels', { type: MERGE, body: { metadata: { labels: 'x' } } }, [422, 'Invalid']],
      [
        'of another version',
        { type: MERGE, body: { metadata: { resourceVersion: '1' }, spec: {} } },
        [409, 'Conflict'],
      ],
    ] as const) {
      it(`nothing by a patch ${what}`, () => {
        const before = api.store.version
        assert.deepEqual(api.refusal('PATCH', MINE, asked).slice(0, 2), refusal)
        assert.equal(api.store.version, before)
      })
    }

    it('nothing that is not there', () =>
      assert.deepEqual(api.refusal('PATCH', `${ROLLOUTS}/x`, { type: MERGE, body: {} }), [
        404,
        'NotFound',
        'rollouts.argoproj.io "x" not found',
      ]))
  })

  describe('deletes', () => {
    it('an object, and answers whom it was', () => {
      const { uid } = api.store.get('rollouts', 'legacy', 'my-backend')!.metadata
      const { code, body } = api.ask('DELETE', MINE)
      assert.deepEqual(
        [code, body],
        [
          200,
          {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Success',
            details: { name: 'my-backend', group: 'argoproj.io', kind: 'rollouts', uid },
          },
        ],
      )
      assert.deepEqual(api.refusal('DELETE', MINE), [404, 'NotFound', 'rollouts.argoproj.io "my-backend" not found'])
    })

    it('only what the preconditions hold for', () => {
      const { uid, resourceVersion } = api.store.get('rollouts', 'legacy', 'my-backend')!.metadata
      for (const preconditions of [{ uid: 'another' }, { resourceVersion: '1' }, { uid, resourceVersion: '1' }]) {
        const [code, reason, message] = api.refusal('DELETE', MINE, { body: { preconditions } })
        assert.deepEqual([code, reason], [409, 'Conflict'])
        assert.match(
          message,
          /^Operation cannot be fulfilled on rollouts.argoproj.io "my-backend": the (UID|ResourceVersion) in the precondition \(\w+\) does not match/,
        )
      }
      assert.equal(api.ask('DELETE', MINE, { body: { preconditions: { uid, resourceVersion } } }).code, 200)
    })

    it('nothing in a dry run, whether the path or the body asks for one', () => {
      assert.equal(api.ask('DELETE', `${MINE}?dryRun=All`).code, 200)
      assert.equal(api.ask('DELETE', MINE, { body: { dryRun: ['All'] } }).code, 200)
      assert.ok(api.store.get('rollouts', 'legacy', 'my-backend'))
    })

    it('nothing by options that are none', () => {
      assert.deepEqual(api.refusal('DELETE', MINE, { body: '{' }).slice(0, 2), [400, 'BadRequest'])
      assert.equal(api.ask('DELETE', MINE, { body: { dryRun: 7, preconditions: 'x' } }).code, 200)
    })

    it('no object by way of its status, and no collection', () => {
      assert.deepEqual(api.refusal('DELETE', `${MINE}/status`).slice(0, 2), [405, 'MethodNotAllowed'])
      assert.deepEqual(api.refusal('DELETE', ROLLOUTS).slice(0, 2), [405, 'MethodNotAllowed'])
      assert.ok(api.store.get('rollouts', 'legacy', 'my-backend'))
    })
  })
})
