import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Serving } from '../sim/serving.ts'

const missing = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status !== 0

/** What a command printed, and how it ended. */
interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number
}

;(missing ? describe.skip : describe)(
  `kubectl on the simulated API server${missing ? ' (there is no kubectl on the PATH)' : ''}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), 'kubectl-'))
    const running = new Set<ChildProcess>()
    let at: Serving
    beforeEach(async () => {
      at = await Serving.start()
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'sim',
        contexts: [{ name: 'sim', context: { cluster: 'sim', namespace: 'legacy', user: '' } }],
        clusters: [{ name: 'sim', cluster: { server: at.server.url } }],
      }
      writeFileSync(join(home, 'config'), JSON.stringify(config))
      for (const name of ['my-backend', 'my-frontend', 'other']) {
        at.store.create('rollouts', 'legacy', {
          metadata: { name, labels: { app: name, ...(name !== 'other' && { part: 'loan' }) } },
          spec: { replicas: 3 },
        })
      }
      status('my-backend', { replicas: 6, updatedReplicas: 3, availableReplicas: 3, phase: 'Paused' })
    })
    afterEach(async () => {
      for (const child of running) child.kill()
      await at.close()
    })
    after(() => rmSync(home, { recursive: true }))

    const status = (name: string, body: object): void =>
      void at.store.patch('rollouts', 'legacy', name, { type: 'merge', body: { status: body }, subresource: 'status' })
    const rollout = (name: string): any => at.store.get('rollouts', 'legacy', name)

    const start = (args: readonly string[]) => {
      const child = spawn('kubectl', args, {
        env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'config') },
      })
      running.add(child)
      child.on('close', () => running.delete(child))
      return child
    }
    const kubectl = async (args: string, input?: unknown): Promise<Ended> => {
      const child = start(args.split(' '))
      child.stdin.end(
        input === undefined
          ? ''
          : (Array.isArray(input) ? input : [input]).map((each) => JSON.stringify(each)).join('\n'),
      )
      const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
      const [out, err] = await Promise.all([
        child.stdout.setEncoding('utf8').toArray(),
        child.stderr.setEncoding('utf8').toArray(),
      ])
      return { out: out.join(''), err: err.join(''), code: await closed }
    }
    /** What a command that succeeds prints. */
    const print = async (args: string, input?: unknown): Promise<string> => {
      const { out, err, code } = await kubectl(args, input)
      assert.deepEqual([code, err], [0, ''])
      return out
    }
    /** Lines without what only aligns them. */
    const lines = (text: string): string[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().replace(/ {2,}/g, ' '))

    it('gets Rollouts as the table of their CRD', async () => {
      assert.deepEqual(lines(await print('get rollouts')), [
        'NAME DESIRED CURRENT UP-TO-DATE AVAILABLE AGE',
        'my-backend 3 6 3 3 0s',
        'my-frontend 3 0s',
        'other 3 0s',
      ])
    })

    it('gets them by a short name, from all namespaces, and says where there are none', async () => {
      at.store.create('rollouts', 'modern', { metadata: { name: 'x' }, spec: {} })
      assert.deepEqual(
        lines(await print('get ro -A --no-headers')).map((line) => line.split(' ').slice(0, 2).join('/')),
        ['legacy/my-backend', 'legacy/my-frontend', 'legacy/other', 'modern/x'],
      )
      assert.deepEqual(await kubectl('get rollouts -n nowhere'), {
        out: '',
        err: 'No resources found in nowhere namespace.\n',
        code: 0,
      })
    })

    it('gets them by name, by label and by field', async () => {
      assert.equal(
        await print('get rollouts -l part=loan -o name'),
        'rollout.argoproj.io/my-backend\nrollout.argoproj.io/my-frontend\n',
      )
      assert.equal(await print('get rollouts -l part!=loan -o name'), 'rollout.argoproj.io/other\n')
      assert.equal(
        await print('get rollouts --field-selector metadata.name=other -o name'),
        'rollout.argoproj.io/other\n',
      )
    })

    it('gets whole objects as JSON', async () => {
      const { kind, items } = JSON.parse(await print('get rollouts -o json'))
      assert.deepEqual([kind, items], ['List', at.store.list('rollouts')])
      assert.deepEqual(JSON.parse(await print('get rollout my-backend -o json')), rollout('my-backend'))
      assert.equal(await print('get rollout my-backend -o jsonpath={.status.phase}'), 'Paused')
    })

    it('gets them in pages', async () => {
      assert.equal(lines(await print('get rollouts --chunk-size=2 --no-headers')).length, 3)
      assert.deepEqual(
        at.server.requests
          .filter(({ path }) => path.endsWith('/rollouts'))
          .map(({ query }) => [query['limit'], query['continue'] !== undefined]),
        [
          ['2', false],
          ['2', true],
        ],
      )
    })

    it('watches them, and prints what changes', async () => {
      const child = start(['get', 'rollouts', '--watch', '-l', 'part=loan', '--no-headers'])
      const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const next = async (): Promise<string> => (await printed.next()).value!.split(/ +/).slice(0, 5).join(' ')
      assert.deepEqual([await next(), (await next()).split(' ')[0]], ['my-backend 3 6 3 3', 'my-frontend'])
      while (!at.server.requests.some(({ query, status }) => query['watch'] === 'true' && status === 200))
        await new Promise(setImmediate)
      status('other', { replicas: 1, updatedReplicas: 1, availableReplicas: 1 })
      status('my-frontend', { replicas: 4, updatedReplicas: 2, availableReplicas: 1 })
      assert.equal(await next(), 'my-frontend 3 4 2 1')
    })

    it('applies manifests: creates, leaves alone, changes, takes out', async () => {
      const manifests = (replicas: number, data?: object): unknown => [
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'new' }, spec: { replicas, ...data } },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'new' },
          spec: { selector: { app: 'new' }, ports: [{ port: 8000 + replicas, name: 'http' }] },
        },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' }, data: { A: 'b', ...data } },
      ]
      const say = (what: string): string =>
        ['rollout.argoproj.io', 'service', 'configmap'].map((each) => `${each}/new ${what}\n`).join('')
      assert.equal(await print('apply -f -', manifests(1, { extra: 'x' })), say('created'))
      const { version } = at.store
      assert.equal(await print('apply -f -', manifests(1, { extra: 'x' })), say('unchanged'))
      assert.equal(at.store.version, version)
      assert.equal(await print('apply -f -', manifests(2)), say('configured'))
      assert.deepEqual(
        [rollout('new').spec, rollout('new').metadata.generation, at.store.get('configmaps', 'legacy', 'new')!['data']],
        [{ replicas: 2 }, 2, { A: 'b' }],
      )
      assert.deepEqual(
        at.store.get('services', 'legacy', 'new')!.spec.ports.map(({ port }: any) => port),
        [8002],
      )
      assert.equal(
        await print('apply --dry-run=server -f -', manifests(3)),
        say('configured (server dry run)').replace('configmap/new configured', 'configmap/new unchanged'),
      )
      assert.equal(rollout('new').spec.replicas, 2)
    })

    it('creates a namespace, a ConfigMap, a Secret and a Service', async () => {
      assert.equal(await print('create ns team'), 'namespace/team created\n')
      assert.equal(
        await print('create configmap settings -n team --from-literal=A=b --from-literal=EMPTY='),
        'configmap/settings created\n',
      )
      assert.equal(await print('create secret generic key -n team --from-literal=password=x'), 'secret/key created\n')
      assert.equal(await print('create service clusterip api -n team --tcp=80:http'), 'service/api created\n')
      const [config, secret, service] = (['configmaps', 'secrets', 'services'] as const).map(
        (each) => at.store.list(each, { namespace: 'team' })[0]!,
      )
      assert.deepEqual([config!['data'], secret!['data']], [{ A: 'b', EMPTY: '' }, { password: 'eA==' }])
      assert.deepEqual(
        [service!.spec.ports[0].port, service!.spec.ports[0].targetPort, service!.spec.selector, service!.spec.type],
        [80, 'http', { app: 'api' }, 'ClusterIP'],
      )
    })

    it('scales', async () => {
      assert.equal(await print('scale rollout my-backend --replicas=5'), 'rollout.argoproj.io/my-backend scaled\n')
      assert.deepEqual([rollout('my-backend').spec.replicas, rollout('my-backend').metadata.generation], [5, 2])
      assert.match(
        (await kubectl('scale rollout my-backend --current-replicas=4 --replicas=6')).err,
        /Expected replicas to be 4, was 5/,
      )
      assert.match(
        (await kubectl('scale rollout my-backend --replicas=6 --as viewer')).err,
        /cannot get resource "rollouts\/scale"|cannot patch resource "rollouts\/scale"/,
      )
      assert.equal(rollout('my-backend').spec.replicas, 5)
    })

    it('applies on the server: fields belong to who applied them last', async () => {
      const manifest = (data: object): unknown => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'owned' },
        data,
      })
      const data = (): unknown => at.store.get('configmaps', 'legacy', 'owned')!['data']
      assert.equal(
        await print('apply --server-side -f -', manifest({ A: '1', B: '2' })),
        'configmap/owned serverside-applied\n',
      )
      assert.equal(
        await print('apply --server-side --field-manager=other -f -', manifest({ C: '3' })),
        'configmap/owned serverside-applied\n',
      )
      const refused = await kubectl('apply --server-side --field-manager=other -f -', manifest({ A: 'x', C: '3' }))
      assert.match(refused.err, /^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.A\n/)
      await print('apply --server-side -f -', manifest({ A: '1' }))
      assert.deepEqual(data(), { A: '1', C: '3' })
      await print('apply --server-side --force-conflicts --field-manager=other -f -', manifest({ A: 'x', C: '3' }))
      assert.deepEqual(data(), { A: 'x', C: '3' })
      const { version } = at.store
      await print('apply --server-side --field-manager=other -f -', manifest({ A: 'x', C: '3' }))
      assert.equal(at.store.version, version)
    })

    it('applies a list', async () => {
      const items = [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two' } },
      ]
      assert.equal(
        await print('apply -f -', { apiVersion: 'v1', kind: 'List', items }),
        'configmap/one created\nconfigmap/two created\n',
      )
    })

    it('patches: a merge patch of the spec, a JSON patch of the status, only where its tests hold', async () => {
      assert.equal(
        await print('patch rollout my-backend --type=merge -p {"spec":{"paused":true}}'),
        'rollout.argoproj.io/my-backend patched\n',
      )
      assert.equal(rollout('my-backend').spec.paused, true)
      const abort =
        'patch rollout my-backend --subresource=status --type=json -p [{"op":"test","path":"/status/abort","value":null},{"op":"add","path":"/status/abort","value":true}]'
      assert.equal(await print(abort), 'rollout.argoproj.io/my-backend patched\n')
      assert.equal(rollout('my-backend').status.abort, true)
      assert.deepEqual(await kubectl(abort), {
        out: '',
        err: 'The request is invalid: the server rejected our request due to an error in our request\n',
        code: 1,
      })
      assert.equal(
        await print('patch rollout my-backend --type=merge -p {"spec":{"paused":true}}'),
        'rollout.argoproj.io/my-backend patched (no change)\n',
      )
    })

    it('labels and annotates, and takes both away, without a new generation', async () => {
      assert.equal(await print('label rollout my-backend tier=one'), 'rollout.argoproj.io/my-backend labeled\n')
      assert.equal(await print('label rollout my-backend part-'), 'rollout.argoproj.io/my-backend unlabeled\n')
      assert.equal(await print('annotate rollout my-backend note=x'), 'rollout.argoproj.io/my-backend annotated\n')
      const { labels, annotations, generation } = rollout('my-backend').metadata
      assert.deepEqual([labels, annotations, generation], [{ app: 'my-backend', tier: 'one' }, { note: 'x' }, 1])
    })

    it('deletes, and sees that it is gone', async () => {
      assert.match(
        await print('delete rollout my-backend other'),
        /^rollout.argoproj.io "my-backend" deleted.*\nrollout.argoproj.io "other" deleted.*\n$/,
      )
      assert.deepEqual(
        at.store.list('rollouts').map(({ metadata }) => metadata.name),
        ['my-frontend'],
      )
    })

    it('says what the server refuses', async () => {
      const said = async (args: string, input?: unknown): Promise<string> => {
        const { err, code } = await kubectl(args, input)
        assert.equal(code, 1)
        return err
      }
      assert.equal(
        await said('get rollout nobody'),
        'Error from server (NotFound): rollouts.argoproj.io "nobody" not found\n',
      )
      assert.equal(
        await said('get secrets --as viewer'),
        'Error from server (Forbidden): secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "legacy"\n',
      )
      assert.match(
        await said('create -f -', {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          metadata: { name: 'other' },
          spec: {},
        }),
        /^Error from server \(AlreadyExists\): error when creating .*: rollouts.argoproj.io "other" already exists\n$/,
      )
      assert.match(
        await said('replace -f -', {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          metadata: { name: 'other', resourceVersion: '1' },
          spec: {},
        }),
        /^Error from server \(Conflict\): error when replacing .*: Operation cannot be fulfilled on rollouts.argoproj.io "other": the object has been modified/,
      )
      assert.match(await said('get jobs'), /the server doesn't have a resource type "jobs"/)
    })

    it('tells what one may do, and who one is', async () => {
      assert.equal(await print('auth can-i patch rollouts --subresource=status'), 'yes\n')
      assert.equal(await print('auth can-i patch rollouts --subresource=status --as promoter'), 'yes\n')
      assert.deepEqual(await kubectl('auth can-i patch rollouts --subresource=status --as viewer'), {
        out: 'no\n',
        err: '',
        code: 1,
      })
      assert.deepEqual((await kubectl('auth can-i list rollouts -A --as promoter')).out, 'no\n')
      assert.deepEqual(lines(await print('auth whoami --as jane --as-group dev --as-group ops')).slice(1), [
        'Username jane',
        'Groups [dev ops system:authenticated]',
      ])
    })

    it('finds the resources and the version of the server', async () => {
      const named = await print('api-resources -o name')
      assert.deepEqual(
        named
          .trim()
          .split('\n')
          .filter((name) => /^(rollouts|services|leases)\b/.test(name))
          .toSorted(),
        ['leases.coordination.k8s.io', 'rollouts.argoproj.io', 'services'],
      )
      assert.deepEqual(
        lines(await print('api-resources --api-group=argoproj.io --no-headers')).at(-1),
        'rollouts ro argoproj.io/v1alpha1 true Rollout',
      )
      assert.match((await kubectl('version')).out, /^Server Version: v1\.34\.4$/m)
    })
  },
)
