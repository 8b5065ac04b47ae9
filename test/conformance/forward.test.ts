import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { asked } from '../support/asked.ts'
import { requestsOf } from './audit.ts'
import { plane } from './plane.ts'
import { said } from './releases/scene.ts'
import { apply, environmentOf, freshNamespace, pathOf, pluginPath, runPlugin, waitForPhase } from './support.ts'

/** The example that nobody has wired; each version listens on a port of its own. */
function manifests(version: 'v1' | 'v2'): string {
  return readFileSync(`examples/plain/${version}.yaml`, 'utf8')
    .replaceAll('{containerPort: 8080}', `{name: http, containerPort: ${version === 'v1' ? 8081 : 8082}}`)
    .replaceAll('ports: [{port: 8080}]', 'ports: [{port: 8080, targetPort: http}]')
}

describe('forward on a real control plane', function () {
  this.timeout('3m')
  let namespace: string
  let pods: readonly Server[]
  let forward: ChildProcess | undefined
  let shown = ''

  beforeEach(async () => {
    namespace = await freshNamespace(plane(), 'forward')
    pods = await Promise.all(
      Object.entries(plane().podPorts).map(async ([ofPod, port]) => {
        const server = createServer((_request, answer) => void answer.end(`port ${ofPod} of a pod`))
        await once(server.listen(port, '127.0.0.1'), 'listening')
        return server
      }),
    )
    await apply(plane(), namespace, manifests('v1'))
    await Promise.all(['my-backend', 'my-frontend'].map((name) => waitForPhase(plane(), namespace, name, 'Healthy')))
  })
  afterEach(() => {
    forward?.kill('SIGKILL')
    for (const each of pods) each.close().closeAllConnections()
  })

  /** What it says of a port, from the last time that it says so of this pod. */
  const shows = async (wanted: RegExp): Promise<string> => {
    for (;;) {
      const found = shown.match(wanted)
      if (found !== null) return found[1]!
      await once(forward!.stdout!, 'data')
    }
  }
  const carriedTo = async (): Promise<readonly string[]> =>
    (await requestsOf(plane(), { namespace, verbs: ['get', 'create'] }))
      .filter((each) => each.resource === 'pods/portforward')
      .map((each) => `${each.verb} ${each.name} ${each.code}`)

  it('leads to what users have and to what waits, to another pod when one goes, and leaves nothing', async () => {
    const deployed = await runPlugin(plane(), ['deploy-all', 'loan', '-n', namespace, '-f', '-', '--yes'], {
      input: manifests('v2'),
    })
    assert.equal(deployed.code, 0, said(deployed))
    forward = spawn(pluginPath, ['forward', 'loan', '-n', namespace], {
      env: { ...process.env, ...environmentOf(plane()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    shown = ''
    forward.stdout!.setEncoding('utf8').on('data', (text: string) => {
      shown += text
    })
    const live = Number(await shows(/my-frontend {2}live {2}http:\/\/127\.0\.0\.1:(\d+)/))
    const next = Number(await shows(/my-frontend {2}next {2}http:\/\/127\.0\.0\.1:(\d+)/))
    const pod = await shows(/my-frontend {2}live .* \(pod (\S+)\)/)
    assert.deepEqual([await asked(live), await asked(next)], ['port 8081 of a pod', 'port 8082 of a pod'])

    await plane().api.request('DELETE', `${pathOf('pods', namespace)}/${pod}`)
    const other = await shows(new RegExp(`my-frontend {2}live .* \\(pod (?!${pod}\\))(\\S+)\\)`))
    assert.equal(await asked(live), 'port 8081 of a pod')

    forward.kill('SIGINT')
    assert.deepEqual(await once(forward, 'exit'), [130, null])
    assert.deepEqual([await asked(live), await asked(next)], ['ECONNREFUSED', 'ECONNREFUSED'])
    // Connections that somebody still held would keep them open.
    await Promise.all(pods.map((each) => once(each.close(), 'close')))
    const carried = await carriedTo()
    assert.equal(carried.length, 3)
    assert.deepEqual([carried[0], carried.at(-1)], [`get ${pod} 101`, `get ${other} 101`])
  })
})
