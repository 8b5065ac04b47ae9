import assert from 'node:assert/strict'
import { typed } from '../support/typed.ts'
import { EXIT } from '../../src/domain/run/outcome.ts'
import {
  findingList,
  graphDocument,
  groupDocument,
  groupList,
  planDocument,
  reportDocument,
  toJson,
} from '../../src/view/documents/documents.ts'
import { planOf, viewOf, WORLDS } from './worlds.ts'

/** The fields of a document and their kinds, as one of its readers sees them. */
function schemaOf(document: unknown): unknown {
  if (Array.isArray(document)) return document.length === 0 ? [] : [schemaOf(document[0])]
  if (typeof document !== 'object' || document === null) return document === null ? 'null' : typeof document
  return Object.fromEntries(
    Object.entries(document)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, schemaOf(value)]),
  )
}

const VERSION = { text: 'string', value: 'string', source: 'string' }
const REVISION = {
  revision: 'number',
  hash: 'string',
  version: VERSION,
  pods: { desired: 'number', available: 'number' },
  images: ['string'],
  calls: [{ member: 'string', service: 'string', where: 'string' }],
}
const FINDING = {
  code: 'string',
  severity: 'string',
  members: ['string'],
  member: 'string',
  sentence: 'string',
  remedy: 'string',
}
const API = { apiVersion: 'string', kind: 'string' }
const EDGE = { consumer: 'string', dependency: 'string', source: 'string', wired: 'boolean' }
const GROUP = {
  ...API,
  metadata: { name: 'string', namespace: 'string' },
  mode: 'string',
  verdict: { state: 'string', words: 'string' },
  traces: [{ side: 'string', who: 'string', hops: ['string'], verdict: 'string', detail: 'string' }],
  members: [
    {
      name: 'string',
      strategy: 'string',
      phase: 'string',
      message: 'string',
      live: REVISION,
      next: REVISION,
      lingering: [],
      gate: { state: 'string', waitingFor: 'string', number: 'number', count: 'number' },
      wave: 'number',
    },
  ],
  entries: ['string'],
  dependencies: [EDGE],
  findings: [FINDING],
  back: 'string',
}

/** Fields may be added to these, and none may be renamed or removed, while the version is v1. */
describe('a document', () => {
  const trouble = viewOf(WORLDS.trouble)

  it('of a group has these fields', () => assert.deepEqual(schemaOf(groupDocument(trouble, typed)), GROUP))

  it('of groups is a list of those', () =>
    assert.deepEqual(schemaOf(groupList([trouble], typed)), { ...API, items: [GROUP] }))

  it('of findings has these fields', () =>
    assert.deepEqual(schemaOf(findingList(trouble, trouble.findings, EXIT.refused, typed)), {
      ...API,
      group: 'string',
      namespace: 'string',
      exit: 'number',
      items: [FINDING],
    }))

  it('of a graph has these fields', () =>
    assert.deepEqual(schemaOf(graphDocument(trouble)), {
      ...API,
      group: 'string',
      namespace: 'string',
      members: ['string'],
      entries: ['string'],
      dependencies: [EDGE],
      layers: [['string']],
      cycles: [],
    }))

  it('of a report has these fields', () =>
    assert.deepEqual(
      schemaOf(
        reportDocument(
          planOf(WORLDS.trouble),
          [{ member: 'my-frontend', outcome: 'refused', detail: 'why' }],
          EXIT.refused,
          typed,
        ),
      ),
      {
        ...API,
        group: 'string',
        namespace: 'string',
        verb: 'string',
        exit: 'number',
        reports: [{ member: 'string', outcome: 'string', detail: 'string' }],
        findings: [FINDING],
      },
    ))

  it('of a plan has these fields', () => {
    const expect = {
      uid: 'string',
      generation: 'number',
      observedGeneration: 'string',
      currentPodHash: 'string',
      stableRS: 'string',
      stepIndex: 'null',
      pause: 'string',
      pauses: [{ reason: 'string', startTime: 'string' }],
      promoteFull: 'null',
      blueGreen: { activeSelector: 'string', checkPoint: 'null' },
      abort: 'null',
      paused: 'null',
      workloadGeneration: 'null',
    }
    const step = {
      member: 'string',
      action: 'string',
      from: { hash: 'string', revision: 'number', version: VERSION },
      to: { hash: 'string', revision: 'number', version: VERSION },
      expect,
      until: { kind: 'string', service: 'string', hash: 'string', replicas: 'number' },
      why: 'string',
      drain: [{ member: 'string', hash: 'string', version: VERSION, deadline: 'number', delay: 'number' }],
    }
    assert.deepEqual(schemaOf(planDocument(planOf(WORLDS.half), { drain: '10s', 'to-end': true }, typed)), {
      ...API,
      group: 'string',
      namespace: 'string',
      verb: 'string',
      mode: 'string',
      waves: [[step]],
      skipped: [{ member: 'string', why: 'string' }],
      protected: 'boolean',
      noWayBackAfter: 'number',
      findings: [{ ...FINDING, yaml: 'string' }],
      options: { drain: 'string', 'to-end': 'boolean' },
    })
  })

  it('says of a group what its screen says', () => {
    const { verdict, traces, members, next } = groupDocument(trouble, typed)
    assert.deepEqual(verdict, { state: 'unsafe', words: 'not safe to promote' })
    assert.deepEqual(
      traces.map((each) => `${each.side} ${each.verdict}`),
      ['LIVE one version', 'NEXT mixed'],
    )
    assert.deepEqual(
      members.map((each) => [each.name, each.live?.version.text, each.next?.version.text, each.wave]),
      [
        ['my-frontend', '1.0', '2.0', 1],
        ['my-backend', '1.0', '2.0', 2],
      ],
    )
    assert.equal(next, undefined)
    assert.equal(groupDocument(viewOf(WORLDS.ready), typed).next, 'promote-all loan')
  })

  it('counts gates from 1, and says what a member waits for', () => {
    assert.deepEqual(
      groupDocument(viewOf(WORLDS.canary), typed).members.map((each) => each.gate),
      Array(2).fill({ state: 'ready', waitingFor: '', number: 1, count: 2 }),
    )
    assert.deepEqual(groupDocument(viewOf(WORLDS.starting), typed).members[0]?.gate, {
      state: 'under-way',
      waitingFor: '1 of 3 pods of 2.0 available',
      number: 1,
      count: 1,
    })
  })

  it('says in RFC 3339 when old pods are to go', () =>
    assert.deepEqual(
      groupDocument(viewOf(WORLDS.half), typed).members[0]?.lingering.map((each) => [
        each.version.text,
        each.scaleDownAt,
      ]),
      [['1.0', '2026-01-01T12:00:17.000Z']],
    ))
})

describe('JSON', () => {
  it("is indented by four, as kubectl's is, or on one line", () => {
    assert.equal(toJson({ a: [1] }), '{\n    "a": [\n        1\n    ]\n}')
    assert.equal(toJson({ a: [1] }, 0), '{"a":[1]}')
  })

  it('escapes what a terminal or its reader would act on, and still says the same', () => {
    const hostile = '\u001b]0;title\u0007\u009b31m\u202egnp.exe\u2028\u200f\u007f'
    const text = toJson({ version: hostile })
    assert.match(text, /^[\x20-\x7e\n]*$/)
    assert.deepEqual(JSON.parse(text), { version: hostile })
  })

  it('writes half of a surrogate pair as an escape', () => assert.equal(toJson({ a: '\ud800' }, 0), '{"a":"\\ud800"}'))
})
