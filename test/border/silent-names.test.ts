import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../controlplane/run.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

/** Only root can put another name server in the place of this machine's, for one process. */
const able = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0

describe(`a name server that never answers${able ? '' : ' (only root can play it)'}`, function () {
  // Shorter than the C library asks for a name.
  this.timeout(9000)
  if (!able)
    before(function () {
      this.skip()
    })
  const dir = mkdtempSync(join(tmpdir(), 'names-'))
  let server: Socket
  before(async () => {
    // An address of this process alone: names are asked for at port 53, wherever.
    const address = `127.77.${(process.pid >> 8) & 255}.${process.pid & 255}`
    server = createSocket('udp4').bind(53, address)
    await once(server, 'listening')
    writeFileSync(join(dir, 'resolv.conf'), `nameserver ${address}\n`)
  })
  after(() => {
    server?.close()
    rmSync(dir, { recursive: true })
  })

  const ran = (line: string) =>
    run('unshare', ['-m', 'sh', '-c', `mount --bind ${dir}/resolv.conf /etc/resolv.conf && ${line}`], {
      env: { PATH: process.env['PATH']!, HOME: dir },
      only: true,
    })
  const REACHED = '--server=https://kube.test --insecure-skip-tls-verify'

  it('does not hold up the end of --request-timeout', async () => {
    const { code, stderr } = await ran(`exec ${LAUNCHER} get-group ${REACHED} --request-timeout=300ms`)
    assert.equal(code, 1)
    assert.match(stderr, /no answer from https:\/\/kube.test within the request timeout of 0.3 s/)
  })

  it('does not hold up who interrupts', async () => {
    const asked = once(server, 'message')
    const ended = ran(`${LAUNCHER} promote-all loan --yes ${REACHED} & echo $! >${dir}/pid; wait $!`)
    await asked
    spawnSync('sh', ['-c', `kill -INT $(cat ${dir}/pid)`])
    assert.equal((await ended).code, 130)
  })
})
