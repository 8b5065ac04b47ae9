import assert from 'node:assert/strict'
import { undoing } from '../../src/domain/release/undo.ts'
import type { RevisionSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const RELEASE = 'rollouts-group/release'
const ENV = { version: '2.0', env: { API_URL: 'http://api-active:8080' } }
const GONE = { desired: 0, available: 0 }
const until = (hour: string) => ({ own: { 'rollouts-group/live-until': `2026-01-05T${hour}:00:00Z` } })

/**
 * Users of web came from one revision to the other, of 2.0 both; those of api are on 2.0, and left 1.0 before.
 * @returns `2.0 as 2.0-u1`, and whether that may change nothing
 */
function line(one: RevisionSpec, other: RevisionSpec, to?: string): string {
  const group = groupOf({
    members: [
      {
        name: 'api',
        live: { version: '2.0', labels: { [RELEASE]: '2.0' } },
        lingering: { version: '1.0', ...GONE, ...until('10') },
      },
      {
        name: 'web',
        live: { labels: { [RELEASE]: '2.0-2' }, ...other },
        lingering: { labels: { [RELEASE]: '2.0' }, ...GONE, ...until('11'), ...one },
      },
    ],
    services: [{ name: 'api-too', selector: { app: 'api' } }],
  })
  const found = undoing(group, to, [])
  assert.ok(found.state === 'found')
  return `${found.release.name} as ${found.id}${found.alike ? ', which may change nothing' : ''}`
}

describe('a release that has what users are on', () => {
  const calling = (url: string): RevisionSpec => ({ ...ENV, env: { API_URL: url } })
  const preview = calling('http://api-preview:8080')
  const rows: readonly [what: string, one: RevisionSpec, other: RevisionSpec, to: string | undefined, line: string][] =
    [
      ['wired otherwise is not the one before', ENV, preview, undefined, '1.0 as 1.0-u1'],
      ['may be named, and may change nothing', ENV, preview, '2.0', '2.0 as 2.0-u1, which may change nothing'],
      ['has the same settings', { ...ENV, env: { ...ENV.env, FEATURE: 'on' } }, ENV, undefined, '2.0 as 2.0-u1'],
      ['has the same images', { ...ENV, image: 'kostiscodefresh/loan:v7' }, ENV, undefined, '2.0 as 2.0-u1'],
      ['calls the same port', calling('http://api-active:9090'), ENV, undefined, '2.0 as 2.0-u1'],
      ['calls by Services of releases or of a role', calling('http://api-too:8080'), ENV, undefined, '2.0 as 2.0-u1'],
    ]
  for (const [what, one, other, to, expected] of rows) it(what, () => assert.equal(line(one, other, to), expected))
})
