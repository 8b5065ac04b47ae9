/**
 * Runs what is to start fast, a look at a group and its completion, on a simulated cluster, and writes what V8 made of
 * the scripts: the functions that these need. Of a script that they do not load it is all of them.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:http2'
import { type AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { startSim } from '../src/sim/start-sim.ts'
import { USUAL } from './code-cache.ts'
import { codeCacheOf, insideOf } from './starters/inside.ts'
import { openScripts } from './starters/scripts.ts'

const [dist = '', slowness = '0'] = process.argv.slice(2)
const { scripts: names } = insideOf(dist)
const compiled = new Map<string, Script>()
const end = process.exit

/** Milliseconds. */
const LONG = 100
const FOREVER = 2 ** 31 - 1

const sim = await startSim()
// A slow machine is no other one: what waits for long never comes to its end.
const after = globalThis.setTimeout
globalThis.setTimeout = ((call: () => void, delay = 0) =>
  after(call, delay < LONG ? delay : FOREVER)) as typeof setTimeout
// An API server speaks HTTP/2, the simulated one does not: no TLS is needed to be taken for one that does.
const server = createServer((request, response) => {
  const pass = (): unknown =>
    get(`${sim.url}${request.url}`, (answer) => {
      response.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] })
      answer.pipe(response)
    })
  after(pass, Number(slowness))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
Object.defineProperty(Socket.prototype, 'alpnProtocol', { value: 'h2' })
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const dir = mkdtempSync(join(tmpdir(), 'warm-up-'))
process.env['KUBECONFIG'] = join(dir, 'kubeconfig')
writeFileSync(process.env['KUBECONFIG'], sim.kubeconfig().replace(sim.url, url))

for (const words of [
  ['get-group', sim.group],
  ['__complete', 'get-group', ''],
])
  assert.equal(await ran(words), 0)
rmSync(dir, { recursive: true })

for (const name of Object.keys(names))
  if (!compiled.has(name)) {
    setFlagsFromString('--no-lazy')
    compile(name)
    setFlagsFromString('--lazy')
  }
for (const flag of USUAL) setFlagsFromString(flag)
for (const [name, script] of compiled) writeFileSync(join(dist, codeCacheOf(name)), script.createCachedData())
end(0)

function compile(name: string): Script {
  const known = compiled.get(name) ?? new Script(readFileSync(join(dist, name), 'latin1'))
  compiled.set(name, known)
  return known
}

/** Runs the program once more. @returns its exit code */
async function ran(words: readonly string[]): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.exit = (() => resolve()) as never
  process.argv.splice(2, Infinity, ...words)
  const scripts = openScripts('', names, compile, (name) => assert.fail(`${name} is in no script`))
  scripts.load('kubectl-rollouts_group.mjs')
  await promise
  return process.exitCode
}
