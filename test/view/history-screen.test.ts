import assert from 'node:assert/strict'
import { waysTo } from '../../src/domain/release/ways-to.ts'
import { historyTable } from '../../src/view/words/history-screen.ts'
import { legacyPair } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'
import { assertScreen, at } from './worlds.ts'

const NOW = Date.UTC(2026, 0, 5, 12)
const own = { 'rollouts-group/live-since': '2026-01-05T10:00:00Z', 'rollouts-group/live-by': 'ann@laptop' }
const RELEASES = waysTo(
  groupOf(legacyPair({ frontend: { live: { version: '1.0', own } }, backend: { live: { version: '1.0', own } } })),
)

describe('the history of a group', () => {
  it('is a line a release: its state, since when and by whom, and how it comes back', () =>
    assertScreen(
      historyTable(RELEASES, NOW, at(), false),
      `
    RELEASE   STATE     SINCE    BY           MADE     MEMBERS                   WAY BACK
    2.0       ॥ waits   -        -            2d ago   my-backend, my-frontend   its pods run
    1.0       ✔ live    2h ago   ann@laptop   3d ago   my-backend, my-frontend   -`,
    ))

  it('has a way back to what users are on, but beside another revision', () => {
    const since = (at: string) => ({ created: at, own: { ...own, 'rollouts-group/live-since': at } })
    const left = { 'rollouts-group/live-until': '2026-01-05T11:00:00Z' }
    const [first, last] = ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z']
    const api = {
      name: 'api',
      live: { version: '3.0', ...since(last) },
      lingering: { version: '1.0', desired: 0, available: 0, own: left },
    }
    const web = { name: 'web', live: { version: '2.0', ...since(first) } }
    assertScreen(
      historyTable(waysTo(groupOf({ members: [api, web] })), NOW, at(), false),
      `
    RELEASE   STATE    SINCE    BY           MADE     MEMBERS   WAY BACK
    3.0       ✔ live   2h ago   ann@laptop   2h ago   api       -
    2.0       ✔ live   3h ago   ann@laptop   3h ago   web       undo-all
    1.0       · past   -        -            4d ago   api       undo-all --to=1.0`,
    )
  })

  it('keeps release, state and way back at 60 columns', () =>
    assertScreen(
      historyTable(RELEASES, NOW, at(60), false),
      `
    RELEASE   STATE     SINCE    BY           WAY BACK
    2.0       ॥ waits   -        -            its pods run
    1.0       ✔ live    2h ago   ann@laptop   -`,
    ))

  it('keeps every column of -o wide, however narrow the terminal', () =>
    assert.deepEqual(historyTable(RELEASES, NOW, at(60), true), historyTable(RELEASES, NOW, at(500), true)))
})
