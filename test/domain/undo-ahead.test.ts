import assert from 'node:assert/strict'
import { undoAhead } from '../../src/domain/release/undo-ahead.ts'
import { undoing } from '../../src/domain/release/undo.ts'
import { legacyPair, type RevisionSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const RELEASE = 'rollouts-group/release'
const OLD: RevisionSpec = {
  version: '1.0',
  desired: 0,
  available: 0,
  own: { 'rollouts-group/live-until': '2026-01-01T11:00:00Z' },
}

/** Users have come from 1.0 to 2.0; the frontend calls this host, and this waits. */
const released = (host: string, next?: RevisionSpec): WorldSpec =>
  legacyPair({
    frontend: { next: next!, lingering: OLD, live: { version: '2.0', env: { BACKEND_HOST: host } } },
    backend: { next: next!, lingering: OLD, live: { version: '2.0' } },
  })

/** `1 settle: my-frontend 2.0` */
function lines(spec: WorldSpec): string[] {
  const group = groupOf(spec)
  const found = undoing(group, undefined, [])
  assert.equal(found.state, 'found')
  return undoAhead(group, found).map(
    ({ name, moves }) => `${name}: ${moves.map(({ member, versions }) => `${member} ${versions}`).join(', ')}`,
  )
}

describe('what undo-all foresees', () => {
  it('is every step of every phase, consumers promoted first, and deployed last', () =>
    assert.deepEqual(lines(released('backend-preview')), [
      'settle: my-frontend 2.0',
      'deploy: my-backend 2.0 → 1.0, my-frontend 2.0 → 1.0',
      'promote: my-frontend 2.0 → 1.0, my-backend 2.0 → 1.0',
      'settle: my-frontend 1.0',
    ]))

  it('settles nobody first who is on live Services', () =>
    assert.deepEqual(lines(released('backend-active'))[0], 'deploy: my-backend 2.0 → 1.0, my-frontend 2.0 → 1.0'))

  it('leaves out what is deployed already', () => {
    const back = { version: '1.0', labels: { [RELEASE]: '1.0-u1' } }
    assert.deepEqual(
      lines(released('backend-active', back)).map((each) => each.replace(/:.*/, '')),
      ['promote', 'settle'],
    )
  })
})
