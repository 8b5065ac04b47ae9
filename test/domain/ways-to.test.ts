import assert from 'node:assert/strict'
import { waysTo } from '../../src/domain/release/ways-to.ts'
import { legacyPair, type MemberSpec, type RevisionSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const RELEASE = 'rollouts-group/release'
const left = (version: string, label = version): RevisionSpec => ({
  version,
  desired: 0,
  available: 0,
  labels: { [RELEASE]: label },
  own: { 'rollouts-group/live-until': '2026-01-05T10:00:00Z' },
})
const on = (version: string, label = version): RevisionSpec => ({ version, labels: { [RELEASE]: label } })
const web = (more: Partial<MemberSpec>): MemberSpec => ({ name: 'web', live: on('2.0'), ...more })
const calls = (revision: RevisionSpec, host: string): RevisionSpec => ({
  ...revision,
  env: { NEXT_URL: `http://${host}:8080` },
})

/** `1.0: undo-all`. */
function lines(spec: WorldSpec): string[] {
  return waysTo(groupOf(spec)).map(({ release: { name }, way }) => {
    switch (way.state) {
      case 'none':
        return `${name}: none`
      case 'lost':
        return `${name}: lost`
      case 'barred':
        return `${name}: not beside ${way.by.join()}`
      case 'open':
        return `${name}: ${way.verbs.join(', then ')}`
    }
  })
}

describe('the way to a release of the past', () => {
  const half = legacyPair({ frontend: { live: on('2.0'), next: undefined!, lingering: left('1.0') } })
  const rows: readonly [what: string, spec: WorldSpec, lines: readonly string[]][] = [
    [
      'is undo-all, which goes to the one before by itself',
      { members: [web({ lingering: left('1.0') })] },
      ['2.0: none', '1.0: undo-all'],
    ],
    [
      'is named where another one waits, which it takes the place of',
      { members: [web({ lingering: left('1.0'), next: on('3.0') })] },
      ['3.0: none', '2.0: none', '1.0: undo-all --to=1.0'],
    ],
    [
      'begins with withdrawing where canaries wait',
      { members: [web({ lingering: left('1.0'), next: on('3.0'), canary: { steps: [{ pause: {} }], index: 0 } })] },
      ['3.0: none', '2.0: none', '1.0: abort-all, then undo-all --to=1.0'],
    ],
    [
      'begins with those who were promoted where users are on a part of what waits',
      half,
      ['2.0: none', '1.0: abort-all --undo-promoted'],
    ],
    [
      'is none to what was brought back: users are on it',
      { members: [web({ live: on('1.0', '1.0-u1'), lingering: left('1.0') })] },
      ['1.0-u1: none', '1.0: none'],
    ],
    [
      'is barred by who stays on what is left, and would meet it',
      {
        members: [web({ lingering: left('1.0') }), { name: 'admin', live: calls(on('2.0'), 'web-active') }],
      },
      ['2.0: none', '1.0: not beside admin 2.0'],
    ],
    [
      'is barred by who came with what is left, and was settled since',
      {
        members: [
          web({ lingering: left('1.0') }),
          {
            name: 'top',
            lingering: calls(left('2.0'), 'web-preview'),
            live: {
              ...calls(on('2.0', '2.0-s1'), 'web-active'),
              own: { 'rollouts-group/live-since': '2026-01-05T10:01:00Z' },
            },
          },
        ],
      },
      ['2.0: none', '1.0: not beside top 2.0'],
    ],
    [
      'is open beside who stays on what is left, and is called by nobody of it',
      {
        members: [
          web({ live: calls(on('2.0'), 'base-active'), lingering: left('1.0') }),
          { name: 'base', live: on('2.0') },
        ],
      },
      ['2.0: none', '1.0: undo-all'],
    ],
  ]
  for (const [what, spec, expected] of rows) it(what, () => assert.deepEqual(lines(spec), expected))
})
