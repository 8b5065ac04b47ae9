import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { certificate } from '../support/api-server.ts'
import { type Guarded, guard } from '../support/guarded.ts'
import { type ProxyServer, startConnectProxy } from '../support/proxy-server.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

type Told = Readonly<Record<string, any>>

describe('in the middle of a release, what is built', function () {
  this.timeout(30_000)
  let dir: string
  let sim: Sim
  let server: Guarded
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'changing-'))
    await serve()
  })
  afterEach(async () => {
    await server.stop()
    await sim.stop()
    rmSync(dir, { recursive: true })
  })

  /** @param reaction simulated milliseconds until the controller sees what was written */
  const serve = async (reaction?: number): Promise<void> => {
    sim = await startSim({ scenario: 'legacy', timeScale: 10, ...(reaction !== undefined && { reaction }) })
    server = await guard(sim.url, 'first')
  }
  const write = (
    token: string,
    more: { readonly proxy?: string; readonly contexts?: readonly string[] } = {},
  ): void => {
    const cluster = { server: server.url, 'certificate-authority': certificate('root.pem'), 'proxy-url': more.proxy }
    const config = {
      'current-context': 'c',
      contexts: (more.contexts ?? ['c']).map((name) => ({
        ...{ name, context: { cluster: 'c', user: 'ann', namespace: sim.namespace } },
      })),
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'ann', user: { token } }],
    }
    writeFileSync(join(dir, 'kubeconfig'), JSON.stringify(config))
  }

  /** Promotes; what is told is given to `told` as it comes. */
  const promote = async (told: (event: Told) => void): Promise<{ code: number; report: Told; stderr: string }> => {
    const child = spawn(LAUNCHER, ['promote-all', sim.group, '--yes', '-o', 'ndjson'], {
      env: { PATH: process.env['PATH'], HOME: dir, KUBECONFIG: join(dir, 'kubeconfig') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let report: Told = {}
    createInterface({ input: child.stdout }).on('line', (line) => {
      report = JSON.parse(line)
      told(report)
    })
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    return { code, report, stderr }
  }
  /** Does something once, when the first patch has been sent. */
  const afterPatch = (act: () => void): ((event: Told) => void) => {
    let done = false
    return ({ type }) => {
      if (type !== 'patched' || done) return
      done = true
      act()
    }
  }

  it('goes on with a token that was rotated', async () => {
    write('first')
    const { code, stderr } = await promote(
      afterPatch(() => {
        write('second')
        server.want('second')
      }),
    )
    assert.equal(code, 0, stderr)
  })

  it('says that it is not let in any more where its context was removed, and how to go on', async () => {
    await server.stop()
    await sim.stop()
    // What it has sent comes to nothing before it is shut out.
    await serve(100_000)
    write('first')
    const { code, report, stderr } = await promote(
      afterPatch(() => {
        write('second', { contexts: [] })
        server.want('second')
      }),
    )
    assert.deepEqual([code, report['kind']], [1, 'Report'], stderr)
    assert.match(stderr, /my-frontend +failed: .* were rejected .*/)
    assert.doesNotMatch(stderr, /internal error/)
  })

  it('goes on when a proxy that has died is back', async () => {
    let proxy: ProxyServer = await startConnectProxy()
    const { port } = proxy
    write('first', { proxy: `http://localhost:${port}` })
    const dies = afterPatch(() => void proxy.close())
    const back = Promise.withResolvers<void>()
    const { code, stderr } = await promote((event) => {
      dies(event)
      if (event['type'] !== 'disconnected') return
      startConnectProxy(undefined, port).then((again) => {
        proxy = again
        back.resolve()
      }, back.reject)
    })
    await back.promise
    await proxy.close()
    assert.equal(code, 0, stderr)
  })
})
