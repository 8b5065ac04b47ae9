import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { VERDICTS } from '../../src/view/words/verdict.ts'
import { startSim } from '../../src/sim/start-sim.ts'
import { run } from '../controlplane/run.ts'
import { simCli } from '../support/sim-cli.ts'

const ajv = new Ajv2020({ allErrors: true, strictRequired: false })
formats.default(ajv)
const schema = JSON.parse(readFileSync('docs/schema/rollouts-group-v1.json', 'utf8'))
const isDocument = ajv.compile(schema)

function conforms(text: string): void {
  assert.ok(isDocument(JSON.parse(text)), `${ajv.errorsText(isDocument.errors)}\n${text.slice(0, 2000)}`)
}

describe('the schema of the documents', function () {
  this.timeout(60_000)
  for (const scenario of ['legacy', 'canary', 'diamond', 'miswired', 'partial', 'outage']) {
    it(`holds for all that is printed of ${scenario}`, async () => {
      const sim = await startSim({ scenario, timeScale: 50 })
      try {
        const said = async (...words: readonly string[]) => (await simCli(sim, words).done).stdout
        const reading = [
          ['get-group', sim.group],
          ['get-group'],
          ['check', sim.group],
          ['graph', sim.group],
          ['history', sim.group],
          ['promote-all', sim.group, '--dry-run'],
          ['promote-all', sim.group, '--to-end', '--dry-run'],
          ['abort-all', sim.group, '--dry-run'],
          ['retry-all', sim.group, '--dry-run'],
          ['restart-all', sim.group, '--dry-run'],
          ['pause-all', sim.group, '--dry-run'],
          ['resume-all', sim.group, '--dry-run'],
        ]
        for (const text of await Promise.all(reading.map((words) => said(...words, '-o', 'json')))) conforms(text)
        for (const line of (await said('promote-all', sim.group, '--yes', '-o', 'ndjson')).trim().split('\n'))
          conforms(line)
        conforms(await said('abort-all', sim.group, '--yes', '-o', 'json'))
      } finally {
        await sim.stop()
      }
    })
  }

  it('holds for what several runs came to, which is one document with the exit code of all', async () => {
    const sim = await startSim({ scenario: 'plain', timeScale: 50 })
    try {
      const list = async (...words: readonly string[]) => {
        const { stdout, exit: code } = await simCli(sim, [...words, '-o', 'json']).done
        conforms(stdout)
        const { kind, verb, exit, items } = JSON.parse(stdout)
        assert.deepEqual([kind, verb, exit], ['ReportList', words[0], code], stdout)
        return [code, items.map((each: { readonly verb: string }) => each.verb).join()]
      }
      const release = ['release', sim.group, '-f', 'examples/plain/v2.yaml', '--yes']
      assert.deepEqual(await list('settle', sim.group, '--yes'), [0, ''])
      assert.deepEqual(await list('settle', sim.group, '--dry-run'), [0, ''])
      assert.deepEqual(await list(...release, '--approve'), [7, 'deploy-all'])
      assert.deepEqual(await list(...release), [0, 'promote-all'])
      assert.equal((await list('undo-all', sim.group, '--yes'))[0], 0)
    } finally {
      await sim.stop()
    }
  })

  it('knows every verdict, and so does the document for people', () => {
    const { state } = schema.$defs.Group.properties.verdict.properties
    const known = readFileSync('docs/json.md', 'utf8').match(/`verdict\.state` of a Group is one of ([^]*?), the worst/)
    assert.deepEqual(state.enum.toSorted(), Object.keys(VERDICTS).toSorted())
    assert.deepEqual([...known![1]!.matchAll(/`(.+?)`/g)].map((each) => each[1]).toSorted(), state.enum.toSorted())
  })

  it('holds for the version, and not for what is none', async () => {
    conforms((await run('bin/kubectl-rollouts_group', ['version', '-o', 'json'])).stdout)
    for (const wrong of [
      {},
      { apiVersion: 'rollouts-group/v1', kind: 'Group' },
      { at: 1, type: 'unheard-of' },
      { at: 1, type: 'connected', more: true },
    ])
      assert.equal(isDocument(wrong), false, JSON.stringify(wrong))
  })
})
