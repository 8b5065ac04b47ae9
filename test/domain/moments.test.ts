import assert from 'node:assert/strict'
import { momentOf, withScaleDowns } from '../../src/domain/trace/moments.ts'
import type { MemberSpec } from '../support/objects.ts'
import { groupOf, memberOf, momentLine } from '../support/scenes.ts'

const pair: MemberSpec = { name: 'web', live: { version: '1.0' }, next: { version: '2.0' } }
const canary: MemberSpec = { ...pair, canary: { steps: [{ setWeight: 20 }, { pause: {} }] } }
/** A Service over the pods of both revisions; without it users of an un-routed canary only have the stable one. */
const door = { name: 'web', selector: { app: 'web' } }
const doorless: MemberSpec = { ...canary }
const routed: MemberSpec = { ...canary, strategy: { trafficRouting: { nginx: { stableIngress: 'i' } } } }
const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z' }

/** Every moment that a member may be in now, a line each: as it is, then once what is due is scaled down. */
function moments(spec: MemberSpec): string[] {
  const group = groupOf({ members: [spec], services: spec === doorless ? [] : [door] })
  const member = memberOf(group, spec.name)
  return withScaleDowns(member, momentOf(member, group)).map(momentLine)
}

describe('a member', () => {
  const rows: readonly [what: string, spec: MemberSpec, moments: readonly string[]][] = [
    [
      'at its gate has users on the live revision alone',
      pair,
      ['web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'whose pods start yet has none behind its preview Service',
      { ...pair, next: { version: '2.0', available: 0 } },
      ['web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: starting'],
    ],
    [
      'that was switched over has users where its active Service is, before its status says so',
      { ...pair, active: 'next' },
      ['web-active=webnext; web-preview=webnext; weblive live: ready, users; webnext next: ready, users'],
    ],
    [
      'whose old pods run on is scaled down sooner or later',
      { name: 'web', live: { version: '2.0' }, lingering: { version: '1.0' } },
      [
        'web-active=weblive; web-preview=weblive; weblingering lingering: ready, users, old connections; weblive live: ready, users',
        'web-active=weblive; web-preview=weblive; weblingering lingering: gone; weblive live: ready, users',
      ],
    ],
    [
      'that was aborted loses its preview pods',
      { ...pair, status: aborted },
      [
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready',
        'web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: gone',
      ],
    ],
    [
      'that was aborted keeps them where they are never scaled down',
      { ...pair, status: aborted, strategy: { abortScaleDownDelaySeconds: 0 } },
      ['web-active=weblive; web-preview=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'with a weight has users on both revisions',
      canary,
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users'],
    ],
    [
      'with a weight has none on its canary where nothing leads there',
      doorless,
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'without a weight has none on its canary',
      { ...routed, canary: { steps: [{ setWeight: 0 }, { pause: {} }] } },
      ['web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready'],
    ],
    [
      'whose canary was aborted still ends its users’ requests there, without a router',
      { ...canary, status: aborted },
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready, users, old connections',
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: gone',
      ],
    ],
    [
      'whose canary was aborted has its users back at once, with a router',
      { ...routed, status: aborted },
      [
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: ready',
        'web-stable=weblive; web-canary=webnext; weblive live: ready, users; webnext next: gone',
      ],
    ],
  ]
  for (const [what, spec, expected] of rows) it(what, () => assert.deepEqual(moments(spec), expected))
})
