import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLog } from '../../src/cli/terminal/log-file.ts'

describe('a log of what was sent', () => {
  const dir = mkdtempSync(join(tmpdir(), 'log-file-'))
  const path = join(dir, 'run.log')
  after(() => rmSync(dir, { recursive: true }))

  it('holds the command without what lets somebody in, the plan, and each request with its answer', () => {
    const { note, hear } = openLog(path, ['promote-all', 'loan', '--token', 's3cret', '--password=s3cret'], () => 0)
    note('plan: 1 promote my-frontend 2.0')
    hear({ method: 'PATCH', url: 'https://x/y', body: '[{"op":"test"}]', result: '200', took: 12 })
    hear({ method: 'GET', url: 'https://x/z', body: undefined, result: 'connection\nreset', took: 3 })
    assert.equal(
      readFileSync(path, 'utf8').replaceAll('1970-01-01T00:00:00.000Z ', ''),
      [
        'kubectl rollouts-group promote-all loan --token <masked> --password=<masked>',
        'plan: 1 promote my-frontend 2.0',
        'PATCH https://x/y 200 in 12 ms [{"op":"test"}]',
        'GET https://x/z connection\\nreset in 3 ms',
        '',
      ].join('\n'),
    )
    assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  it('that cannot be written is a mistake of the command line', () =>
    assert.throws(() => openLog(join(dir, 'none', 'x.log'), [], () => 0), /^UsageError: --log .*none/))
})
