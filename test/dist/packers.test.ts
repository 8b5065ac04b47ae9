import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKERS, packerFor } from '../../build/packers.ts'
import { hostTarget } from '../../build/targets.ts'
import { run } from '../controlplane/run.ts'
import { startSilentServer } from '../support/api-server.ts'
import { version } from './unpack.ts'

// The one that is released is tested whole.
for (const packer of PACKERS.filter((each) => each !== packerFor(hostTarget())))
  describe(`a program that is packed by ${packer.name}`, function () {
    this.timeout(240_000)
    const dir = mkdtempSync(join(tmpdir(), 'packed-'))
    const program = join(dir, 'kubectl-rollouts_group')
    before(() => packer.pack(hostTarget(), dir))
    after(() => rmSync(dir, { recursive: true }))

    it('starts, shows a group, and releases it', async () => {
      const said = async (...words: string[]) => (await run(program, words)).stdout
      assert.equal(await said('version'), `kubectl rollouts-group v${version}\n`)
      assert.match(await said('demo', 'legacy', 'get-group', 'loan'), /^Group loan +[^]*ready to promote/)
      assert.match(await said('demo', 'legacy', 'promote-all', '--yes'), /Group loan promoted: 2 of 2/)
    })

    it('is ended by a signal while a server is silent', async () => {
      const server = await startSilentServer()
      const words = ['get-group', `--server=${server.url}`, '--insecure-skip-tls-verify']
      const child = spawn(program, words, { env: { HOME: dir }, stdio: 'ignore' })
      await server.accepted
      child.kill('SIGINT')
      assert.deepEqual(await once(child, 'exit'), [130, null])
      await server.close()
    })
  })
