import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { simCli } from '../support/sim-cli.ts'

const FILE = readFileSync('examples/plain/v2.yaml', 'utf8')
const UNLABELLED = FILE.replace('  labels: {app.kubernetes.io/part-of: loan}\n', '')
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const config = (name: string, text = 'b') =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: "${text}"}\n`
const ADDRESS = 'value: "http://backend:8080"'
const SECRET = 'valueFrom: {secretKeyRef: {name: s, key: url}}'
const LARGE = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n  url: http://backend:8080\n  text: "${'x'.repeat(1_100_000)}"\n`

interface Row {
  /** The content of the file; a directory with a kustomization where it begins with `resources`. */
  readonly file: string
  readonly more?: readonly string[]
  /** What kubectl says, which fails. */
  readonly kubectl?: string
  readonly before?: (sim: Sim, env: Record<string, string>) => void
  readonly exit: number
  /** What is said, in the order in which it is said. */
  readonly says: readonly RegExp[]
}

const STAYS =
  /^ {2}my-backend +✖ refused +it stays on 1\.0: \S.* \([\w-]+\)\n {2}my-frontend +✖ refused +it stays on 1\.0, for the same reason$/m
/** Once what it says is mended. */
const THEN = /^Then: {2}kubectl rollouts-group release -f \S+( --smoke \S+)? loan -n plain$/m
const AGAIN = /^Next: {2}kubectl rollouts-group release -f \S+( --smoke \S+)? loan -n plain$/m
const NOTHING = /^Nothing was done; mend it, and give the same command again\.$/m

/** Nothing of these comes to the cluster. */
const REFUSED: { readonly [name: string]: Row } = {
  'that does not parse': { file: 'a: [1\nb: 2\n', exit: 1, says: [/\.yaml:2 cannot be read: flow sequence/, NOTHING] },
  'that is empty': { file: '', exit: 1, says: [/^error: there is no Kubernetes object in \S+\.yaml$/m, NOTHING] },
  'that holds no objects': { file: '- a\n- b\n', exit: 1, says: [/:1 is no Kubernetes object: /, NOTHING] },
  'with a list in a list': {
    file: 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items: []\n',
    exit: 1,
    says: [/:4 is a list in a list: take its items out of it/, NOTHING],
  },
  'of another group': {
    file: FILE.replaceAll('part-of: loan', 'part-of: other'),
    exit: 3,
    says: [
      /unfit-files {2}Rollout my-frontend \(\S+:9\) and Rollout my-backend \(\S+:40\) are no members of group loan: they have the label app.kubernetes.io\/part-of=other\. Name group other, if that is meant\./,
      STAYS,
      THEN,
    ],
  },
  'of another namespace': {
    file: FILE.replace('name: my-backend\n', 'name: my-backend\n  namespace: elsewhere\n'),
    exit: 3,
    says: [
      /unfit-files {2}Rollout my-backend \(\S+\) is in namespace elsewhere, and group loan in plain\. /,
      STAYS,
      THEN,
    ],
  },
  'all of another namespace': {
    file: FILE.replaceAll(/( {2}|\{)name: (my-\w+|frontend|backend)(\n|\})/g, (_all, open, name) =>
      open === '{' ? `{name: ${name}, namespace: elsewhere}` : `  name: ${name}\n  namespace: elsewhere\n`,
    ),
    exit: 3,
    says: [
      /unfit-files {2}Service frontend \S+, Rollout my-frontend \S+, Service backend \S+ and Rollout my-backend \S+ are in namespace elsewhere, and group loan in plain\. Give -n elsewhere/,
    ],
  },
  'with a member twice': {
    file: `${FILE}---\n${FILE}`,
    exit: 3,
    says: [/unfit-files {2}Rollout my-backend is in the files 2 times: \S+:\d+, \S+:\d+\. Leave one of them\./, STAYS],
  },
  'with a Rollout that has the label nowhere': {
    file: UNLABELLED,
    before: (sim) =>
      sim.store.patch('rollouts', 'plain', 'my-frontend', {
        type: 'merge',
        body: { metadata: { labels: { 'app.kubernetes.io/part-of': null } } },
      }),
    exit: 3,
    says: [
      /Rollout my-frontend \(\S+:9\) is no member of group loan: it has no label app.kubernetes.io\/part-of=loan\. Write that label into the files \(metadata\.labels of the Rollout\), or leave it out; of one that is in the cluster already its label there is enough: kubectl label rollout my-frontend app\.kubernetes\.io\/part-of=loan -n plain$/m,
    ],
  },
  'with a Rollout that would lose the label': {
    file: UNLABELLED,
    exit: 3,
    says: [
      /Rollout my-frontend \(\S+:9\) would lose its label app\.kubernetes\.io\/part-of=loan, with which it was applied before: /,
    ],
  },
  'of a kind that nobody has installed': {
    file: `${FILE}---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n`,
    exit: 3,
    says: [
      /apply-refused {2}\S+:63 cannot be applied: this cluster knows no Widget of example\.com\/v1\. Install what defines Widget, or leave it out/,
      STAYS,
      THEN,
    ],
  },
  'with a selector that finds none of its pods': {
    file: FILE.replace('matchLabels: {app: my-backend}', 'matchLabels: {app: other}'),
    exit: 3,
    says: [/Rollout my-backend \(\S+\) has another spec\.selector than in the cluster/, STAYS],
  },
  'with a kustomization that fails': {
    file: 'resources: [nothing.yaml]\n',
    kubectl: 'E1129 08:40:01.439251   14864 run.go:72] "command failed" err="nothing.yaml: no such file"',
    exit: 1,
    says: [/^error: the kustomization \S+ cannot be rendered: nothing\.yaml: no such file$/m, NOTHING],
  },
  'with a kustomization, where there is no kubectl': {
    file: 'resources: []\n',
    before: (_sim, env) => {
      env['KUBECTL_PATH'] = '/nowhere/kubectl'
    },
    exit: 1,
    says: [/is rendered by kubectl, and there is no \/nowhere\/kubectl: put it in the PATH, /, NOTHING],
  },
  'with a kustomization, where kubectl is too old': {
    file: 'resources: []\n',
    kubectl: 'Error: unknown command "kustomize" for "kubectl"',
    exit: 1,
    says: [/is rendered by kubectl kustomize, which \S+ is too old for \(1\.14 has it\): /, NOTHING],
  },
  'for which a Service is taken': {
    file: FILE,
    before: (sim) =>
      void sim.store.create('services', 'plain', {
        metadata: { name: 'my-backend-2-0' },
        spec: { selector: { a: 'b' }, ports: [{ port: 1 }] },
      }),
    exit: 3,
    says: [
      /service-taken {2}Service my-backend-2-0 is there already, and is none of the release\. Choose another/,
      STAYS,
    ],
  },
  'with a ConfigMap that is too large to be copied': {
    file: FILE.replace(ADDRESS, 'valueFrom: {configMapKeyRef: {name: big, key: url}}') + LARGE,
    exit: 3,
    says: [/config-too-large {2}ConfigMap big is too large to be copied for my-frontend: /, STAYS],
  },
  'with an address in a Secret': {
    file: FILE.replace(ADDRESS, SECRET),
    exit: 3,
    says: [/cannot-rewire {2}my-frontend, BACKEND_URL from Secret s: it may hold an address, /, STAYS, THEN],
  },
}

const FIVE = FILE + [1, 2, 3, 4, 5].map((each) => config(`c${each}`)).join('')

/** A request that is refused, the how many-th of those that match and are stored. */
function refuse(sim: Sim, method: string, path: string, nth = 1): void {
  const next = sim.faults.next.bind(sim.faults)
  let left = nth
  sim.faults.next = (request) => {
    const meant = request.method === method && request.path.includes(path) && !request.path.includes('dryRun')
    if (meant) left -= 1
    return meant && left === 0
      ? { status: 422, message: 'admission webhook "policy" denied the request' }
      : next(request)
  }
}

/** Changes a Rollout as soon as the controller has seen what was applied. */
function change(sim: Sim, name: string, patch: unknown): void {
  let done = false
  const off = sim.store.subscribe(({ resource, object }) => {
    const isNew =
      resource === 'rollouts' &&
      object.metadata.name === name &&
      object.status?.currentPodHash !== object.status?.stableRS
    if (!isNew || done) return
    done = true
    queueMicrotask(() => sim.store.patch('rollouts', 'plain', name, { type: 'merge', body: patch }))
    off()
  })
}

interface Failing {
  readonly begin?: (sim: Sim) => void
  readonly more?: readonly string[]
  readonly exit: number
  readonly says: readonly RegExp[]
}

const WITHDRAWN = /^Group loan aborted: 2 of 2 in /m

/** These begin, and stop half way; the same command made again finishes them. */
const FAILING: { readonly [name: string]: Failing } = {
  'of which the third of five objects is refused': {
    begin: (sim) => refuse(sim, 'POST', '/configmaps', 3),
    exit: 1,
    says: [
      /^ {2}configmap\/c3 +✖ failed +create configmap\/c3 in plain: admission webhook "policy" denied the request; nothing of it was applied; in: configmap\/c1 and configmap\/c2; not in: configmap\/c4, configmap\/c5 and service\/my-backend-2-0$/m,
      /^ {2}my-backend +· not started +it stays on 1\.0$/m,
      AGAIN,
    ],
  },
  'of which a Rollout is refused': {
    begin: (sim) => refuse(sim, 'PATCH', '/rollouts/my-frontend'),
    exit: 4,
    says: [
      /^ {2}my-backend +✖ failed +.*then 2\.0 withdrawn, users on 1\.0$/m,
      /^ {2}my-frontend +✖ failed .*denied/m,
      AGAIN,
    ],
  },
  'that somebody changes as it is applied': {
    begin: (sim) =>
      change(sim, 'my-backend', { spec: { template: { metadata: { annotations: { injected: 'yes' } } } } }),
    exit: 4,
    says: [
      /^ {2}my-backend +✖ changed +the pod template of my-backend is not the one that was proved: somebody else, or a webhook of the cluster, has changed it$/m,
      /not aborted: .*; the same command made again finishes it$/m,
      /^Next: {2}kubectl rollouts-group get-group loan -n plain$/m,
    ],
  },
  'of which the smoke test is not there': {
    more: ['--smoke', './nowhere'],
    exit: 1,
    says: [
      /the smoke test has failed: its command was not found \(exit code 127\); what waits is withdrawn$/m,
      WITHDRAWN,
      AGAIN,
    ],
  },
  'of which the smoke test hangs': {
    more: ['--smoke', 'sleep 600', '--smoke-timeout', '1ms'],
    exit: 1,
    says: [
      /the smoke test has failed: it has not ended within 0\.001 s, and was ended; what waits is withdrawn$/m,
      WITHDRAWN,
    ],
  },
  'of which the smoke test is killed': {
    more: ['--smoke', 'kill -KILL $$'],
    exit: 1,
    says: [/the smoke test has failed: it was ended by SIGKILL; what waits is withdrawn$/m, WITHDRAWN],
  },
}

describe('a release of bad input', () => {
  let sim: Sim
  let dir: string
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'bad-input-'))
    sim = await startSim({ scenario: 'plain', timeScale: 60 })
  })
  afterEach(async () => {
    await sim.stop()
    rmSync(dir, { recursive: true })
  })

  const given = ({ file }: Pick<Row, 'file'>): readonly string[] => {
    if (!file.startsWith('resources')) {
      writeFileSync(join(dir, 'release.yaml'), file)
      return ['-f', join(dir, 'release.yaml')]
    }
    mkdirSync(join(dir, 'k'))
    writeFileSync(join(dir, 'k', 'kustomization.yaml'), file)
    return ['-k', join(dir, 'k')]
  }
  const release = async (row: Pick<Row, 'file' | 'more'> & { readonly env?: Record<string, string> }) => {
    const { more = [], env } = row
    const done = await simCli(sim, ['release', 'loan', ...given(row), '--yes', ...more], 'admin', env).done
    return { ...done, said: `${done.stderr}${done.stdout}` }
  }
  const written = () =>
    sim.requests.flatMap(({ method, path, query }) =>
      method === 'GET' || query['dryRun'] === 'All' || /selfsubject/.test(path) ? [] : [`${method} ${path}`],
    )
  const kubectl = (words: string) => {
    const path = join(dir, 'kubectl')
    writeFileSync(path, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o700 })
    return { KUBECTL_PATH: path }
  }

  for (const [name, row] of Object.entries(REFUSED))
    it(`${name}: is refused in a sentence, and nothing was sent`, async () => {
      const env: Record<string, string> = row.kubectl === undefined ? {} : kubectl(row.kubectl)
      row.before?.(sim, env)
      const { exit, said } = await release({ ...row, env })
      for (const each of row.says) assert.match(said, each)
      assert.doesNotMatch(said, /internal error|not in the files|next-wired-to-live|\?\./)
      assert.deepEqual([exit, written()], [row.exit, []], said)
    })

  for (const [name, { begin, exit, says, more = [] }] of Object.entries(FAILING))
    it(`${name}: says what is in and what leads on, which ends it`, async () => {
      begin?.(sim)
      const failed = await release({ file: FIVE, more })
      for (const each of says) assert.match(failed.said, each)
      assert.equal(failed.exit, exit, failed.said)
      const again = await release({ file: FIVE })
      assert.equal(again.exit, 0, again.said)
      assert.deepEqual(
        sim.store
          .list('rollouts')
          .map(({ spec, status }) => [spec.template.spec.containers[0].env[0].value, status.phase]),
        [
          ['2.0', 'Healthy'],
          ['2.0', 'Healthy'],
        ],
      )
    })

  it('in which the label stands in the cluster alone: is released, and the label stays', async () => {
    const file = FILE.replaceAll('  labels: {app.kubernetes.io/part-of: loan}\n', '')
    for (const { metadata } of sim.store.list('rollouts')) {
      const { [LAST_APPLIED]: text } = metadata.annotations!
      const { labels: _labels, ...unlabelled } = JSON.parse(text!).metadata
      const annotations = { [LAST_APPLIED]: JSON.stringify({ ...JSON.parse(text!), metadata: unlabelled }) }
      sim.store.patch('rollouts', 'plain', metadata.name, { type: 'merge', body: { metadata: { annotations } } })
    }
    const { exit, stderr, said } = await release({ file })
    assert.equal(exit, 0, said)
    assert.equal(stderr.match(/labelled-there/g)?.length, 1, stderr)
    assert.deepEqual(
      sim.store
        .list('rollouts')
        .map(({ metadata, spec }) => [metadata.labels, spec.template.spec.containers[0].env[0].value]),
      [
        [{ 'app.kubernetes.io/part-of': 'loan' }, '2.0'],
        [{ 'app.kubernetes.io/part-of': 'loan' }, '2.0'],
      ],
    )
  })

  it('with a thousand objects: applies them all, and tells them in few lines', async () => {
    const file = FILE + Array.from({ length: 1000 }, (_, index) => config(`c${index}`)).join('')
    const { exit, stderr } = await release({ file, more: ['--dry-run'] })
    assert.equal(exit, 0)
    assert.ok(stderr.split('\n').length < 60)
    const tried = sim.requests.filter(({ query, path }) => query['dryRun'] === 'All' && path.endsWith('/configmaps'))
    assert.equal(tried.length, 1000)
  }).timeout(60_000)
})
