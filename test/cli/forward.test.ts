import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { openCluster } from '../../src/cluster/kube.ts'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { asked } from '../support/asked.ts'
import { type SimCli, simCli } from '../support/sim-cli.ts'

describe('forward', () => {
  let sim: Sim
  let cli: SimCli | undefined
  afterEach(async () => {
    cli?.interrupt()
    await cli?.done
    await sim.stop()
  })

  /** Starts it on ports that are free, and waits until it says where next leads. */
  async function forwarding(words: readonly string[], user: UserName = 'admin'): Promise<Record<string, number>> {
    cli = simCli(sim, ['forward', sim.group, ...words], user)
    await cli.shows('  next  ')
    return Object.fromEntries(
      [...cli.stdout().matchAll(/^(\S+ {2}\w+) {2}http:\/\/127\.0\.0\.1:(\d+)/gm)].map((each) => [
        each[1]!.replace(/ +/, ' '),
        Number(each[2]),
      ]),
    )
  }

  it('leads one port to what users have, and one to what waits, where users come in', async () => {
    sim = await startSim()
    const ports = await forwarding([])
    assert.deepEqual(Object.keys(ports), ['my-frontend live', 'my-frontend next'])
    assert.match(
      await asked(ports['my-frontend live']!),
      /^my-frontend-.*\nAPP_VERSION=1\.0\nBACKEND_HOST=backend-active/,
    )
    assert.match(await asked(ports['my-frontend next']!), /\nAPP_VERSION=2\.0\nBACKEND_HOST=backend-preview/)
  })

  it('leads to the members that are named', async () => {
    sim = await startSim()
    const ports = await forwarding(['my-backend'])
    assert.deepEqual(Object.keys(ports), ['my-backend live', 'my-backend next'])
    assert.match(await asked(ports['my-backend next']!), /^my-backend-.*\nAPP_VERSION=2\.0/)
  })

  it('goes along when users are switched over, and hangs up on who still talks to the old pod', async () => {
    sim = await startSim({ timeScale: 20 })
    const ports = await forwarding([])
    const kept = new Agent({ keepAlive: true, maxSockets: 1 })
    assert.match(await asked(ports['my-frontend live']!, kept), /APP_VERSION=1\.0/)
    const promoted = simCli(sim, ['promote-all', sim.group, '--yes'])
    await cli!.shows('2.0 behind frontend-active')
    assert.match(await asked(ports['my-frontend live']!, kept), /ECONNRESET|APP_VERSION=2\.0/)
    assert.match(await asked(ports['my-frontend live']!), /APP_VERSION=2\.0/)
    kept.destroy()
    assert.equal((await promoted.done).exit, 0)
  })

  it('says that nothing waits, and hangs up on who asks for it', async () => {
    sim = await startSim({ timeScale: 60 })
    assert.equal((await simCli(sim, ['promote-all', sim.group, '--yes']).done).exit, 0)
    const ports = await forwarding([])
    await cli!.shows('nobody: nothing waits')
    assert.equal(await asked(ports['my-frontend next']!), 'ECONNRESET')
  })

  it('takes the next port where nobody said which, and refuses where it was said', async () => {
    sim = await startSim()
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const { exit, stderr } = await simCli(sim, ['forward', sim.group, '--live-port', String(port)]).done
    assert.equal(exit, 1)
    assert.equal(stderr, `error: port ${port} of this machine is taken: choose another one\n`)
    const first = await forwarding([])
    const second = simCli(sim, ['forward', sim.group])
    await second.shows('  next  ')
    assert.ok(!second.stdout().includes(`:${first['my-frontend live']}  `))
    second.interrupt()
    assert.equal((await second.done).exit, 130)
    taken.close()
  })

  it('says who may not, in the words of the server', async () => {
    sim = await startSim()
    const ports = await forwarding([], 'viewer')
    assert.equal(await asked(ports['my-frontend live']!), 'ECONNRESET')
    await cli!.shows('cannot get resource "pods/portforward"')
  })

  it('tells what a pod complains of', async () => {
    sim = await startSim()
    const cluster = await openCluster({ kubeconfig: undefined, env: {}, homedir: '/', server: sim.url } as never)
    const [pod] = sim.store.list('pods', { namespace: sim.namespace })
    const ref = { namespace: sim.namespace, name: pod!.metadata.name }
    const stream = await cluster.forward(ref, 81, new AbortController().signal)
    const { promise, resolve } = Promise.withResolvers<Error>()
    stream.on('error', resolve).resume()
    assert.match((await promise).message, /127\.0\.0\.1:81: connection refused/)
    await assert.rejects(
      cluster.forward({ ...ref, name: 'gone' }, 80, new AbortController().signal),
      /get portforward of pod\/gone in legacy: pods "gone" not found/,
    )
    await cluster.close()
  })
})

describe('forward to a pod', () => {
  for (const [what, answer, said] of [
    [
      'takes it for no WebSocket',
      'HTTP/1.1 400 Bad Request\r\ncontent-length: 24\r\n\r\nUpgrade request required',
      'Upgrade request required',
    ],
    ['answers as if it were a page', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok'],
    [
      'knows no such protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n',
      'Server sent no subprotocol',
    ],
  ] as const)
    it(`names the other way where a server ${what}`, async () => {
      const server = createServer((socket) => {
        socket.once('data', (head) => {
          const key = /sec-websocket-key: (\S+)/i.exec(String(head))![1]!
          const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
          socket.write(answer.endsWith('Upgrade\r\n') ? `${answer}sec-websocket-accept: ${accept}\r\n\r\n` : answer)
        })
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const cluster = await openCluster({ kubeconfig: undefined, env: {}, homedir: '/', server: url } as never)
      await assert.rejects(cluster.forward({ namespace: 'legacy', name: 'web-1' }, 80, new AbortController().signal), {
        message:
          `get portforward of pod/web-1 in legacy: ${said}; a WebSocket was asked for and not opened, by ${url} ` +
          'or something before it; kubectl goes another way (SPDY): KUBECTL_PORT_FORWARD_WEBSOCKETS=false ' +
          'kubectl port-forward web-1 PORT -n legacy',
      })
      await cluster.close()
      server.close()
    })
})
