import assert from 'node:assert/strict'
import { bunBinary } from '../../build/packers/bun.ts'
import { hostTarget } from '../../build/targets.ts'
import { run } from '../controlplane/run.ts'

describe("Bun's own fetch, which the packaged program reads by", function () {
  this.timeout('2m')

  it('passes every test of reads by fetch', async () => {
    const words = ['--no-config', '--timeout', '60000', '--reporter', 'json', 'test/cluster/fetched.test.ts']
    const { stdout, stderr } = await run(await bunBinary(hostTarget()), ['node_modules/mocha/bin/mocha.js', ...words])
    const { stats, failures } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      readonly stats: { readonly passes: number; readonly pending: number }
      readonly failures: readonly { readonly fullTitle: string }[]
    }
    assert.deepEqual([failures.map(({ fullTitle }) => fullTitle), stats.pending], [[], 0], stderr)
    assert.ok(stats.passes >= 20, stdout)
  })
})
