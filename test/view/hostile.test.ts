import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { graphText } from '../../src/view/words/graph-text.ts'
import { overviewTable } from '../../src/view/words/overview.ts'
import { planScreen } from '../../src/view/words/plan-screen.ts'
import { openProgress } from '../../src/view/words/progress-line.ts'
import { reportScreen } from '../../src/view/words/report-screen.ts'
import type { Drawing } from '../../src/view/draw/drawing.ts'
import { groupScreen } from '../../src/view/words/group-screen.ts'
import { painter } from '../../src/view/draw/theme.ts'
import { widthOf } from '../../src/view/draw/width.ts'
import type { MemberSpec, WorldSpec } from '../support/objects.ts'
import { at, member, planOf, viewOf } from './worlds.ts'

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
const version = fc.oneof(
  fc.stringMatching(/^[0-9]{1,4}\.[0-9]{1,4}(-[a-z0-9.]{1,40})?$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '1.0\r\nrollout/x promoted',
    '\u009b2J',
    '\u202e0.1',
    '前端 2.0',
    '🚀',
  ),
)

/** Members in a chain, each with versions of a server that need not be nice, some at rest, some aborted. */
const worlds = fc
  .uniqueArray(name, { minLength: 1, maxLength: 5 })
  .chain((names) =>
    fc.tuple(
      ...names.map(
        (each, index): fc.Arbitrary<MemberSpec> =>
          fc
            .record({
              live: version,
              next: version,
              stays: fc.boolean(),
              message: fc.option(version, { nil: undefined }),
            })
            .map(({ live, next, stays, message }) => {
              const made = member(each, names.slice(index + 1, index + 2))
              return {
                ...made,
                live: { ...made.live, version: live },
                next: stays ? undefined! : { ...made.next!, version: next },
                ...(message !== undefined && {
                  status: {
                    abort: true,
                    abortedAt: '2026-01-01T00:00:00Z',
                    phase: 'Degraded',
                    message,
                    pauseConditions: [],
                  },
                }),
              }
            }),
      ),
    ),
  )
  .map((members): WorldSpec => ({ members }))

const width = fc.integer({ min: 40, max: 200 })

/** Everything that is ever drawn of a group. */
function screens(spec: WorldSpec, drawing: Drawing): string[] {
  const view = viewOf(spec, 'g'.repeat(1 + ((drawing.width ?? 0) % 60)))
  const plans = [planOf(spec), planOf(spec, 'abort-all')]
  const reports = view.rows.map((row) => ({
    member: row.member.name,
    outcome: 'failed' as const,
    detail: `patch rollout/${row.member.name}: ${row.live}`,
  }))
  let progress = ''
  const { show, end } = openProgress({
    write: (text) => {
      progress += text
    },
    live: true,
    width: drawing.width,
    paint: drawing.paint,
  })
  for (const each of reports) show({ at: 0, type: 'finished', wave: 1, after: 1, ...each })
  end()
  return [
    ...groupScreen(view, drawing),
    ...overviewTable([view, view], drawing, { allNamespaces: true, wide: false }),
    ...graphText(view, drawing),
    ...plans.flatMap((plan) => [
      ...planScreen(plan, 'arn:aws:eks:eu-west-1:123456789012:cluster/prod', 'pods', drawing),
      ...reportScreen(plan, reports, EXIT.failed, 100, drawing),
    ]),
    ...progress.split('\n'),
  ]
}

describe('whatever a server says', () => {
  it('no line is wider than the screen', () =>
    fc.assert(
      fc.property(worlds, width, (spec, columns) => {
        assert.deepEqual(
          screens(spec, at(columns)).filter((line) => widthOf(line) > columns),
          [],
        )
      }),
      { numRuns: 60 },
    ))

  it('no terminal acts on it, with colours or without', () =>
    fc.assert(
      fc.property(worlds, fc.option(width, { nil: undefined }), fc.boolean(), (spec, columns, colour) => {
        const lines = screens(spec, { ...at(columns), paint: painter(colour) }).map((line) =>
          line.replaceAll(/\u001b\[\d+m/g, ''),
        )
        assert.deepEqual(
          lines.filter((line) => /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(line)),
          [],
        )
      }),
      { numRuns: 60 },
    ))

  it('each version is told in full where the screen has no limit', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{4}-[0-9a-z.-]{5,60}$/), (text) => {
        const lines = groupScreen(viewOf({ members: [member('a', [], { next: { version: text } })] }), at())
        assert.equal(lines.filter((line) => line.includes(text)).length, 2)
      }),
    ))
})
