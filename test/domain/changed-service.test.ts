import assert from 'node:assert/strict'
import { insteadOf } from '../../src/domain/deploy/changed-service.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { parsePodTemplate } from '../../src/domain/objects/pod-template.ts'
import { parseServices } from '../../src/domain/objects/service.ts'

type Labels = Record<string, string>

const serviceOf = (selector: Labels, ports: readonly object[], more: object = {}) =>
  parseServices([{ metadata: { name: 'api' }, spec: { selector, ports, ...more } }], undefined)[0]!
const podsOf = (labels: Labels, ...ports: readonly object[]) => {
  const rawTemplate = { metadata: { labels }, spec: { containers: [{ name: 'api', image: 'api:1.0', ports }] } }
  return { template: parsePodTemplate(rawTemplate), rawTemplate }
}

const HASH = { [HASH_LABEL]: 'abc' }
const APP = { app: 'api' }
const LIVE = podsOf({ ...APP, chart: 'api-1' }, { containerPort: 8080 })
const NAMED = podsOf({ ...APP, chart: 'api-1' }, { containerPort: 8080, name: 'web' })
const HTTP = [{ name: 'http', port: 80, targetPort: 8080 }]
const to = (targetPort: number | string) => [{ ...HTTP[0], targetPort }]
const ANOTHER = /^give what changes another name/

type PortRow = readonly [
  what: string,
  pods: typeof LIVE,
  now: readonly object[],
  then: readonly object[],
  says: RegExp | undefined,
]

describe('what is to be done in place of a change of a Service', () => {
  const selectors: readonly (readonly [what: string, now: Labels, then: Labels, says: RegExp | undefined])[] = [
    [
      'another value of a label beside the hash',
      { ...APP, chart: 'api-1', ...HASH },
      { ...APP, chart: 'api-2' },
      /^leave chart out of the selector: the pod template hash/,
    ],
    ['a label more, that pods lack', { ...APP, ...HASH }, { ...APP, tier: 'a' }, /^leave tier out of the selector/],
    ['a label less beside the hash', { ...APP, chart: 'api-1', ...HASH }, APP, undefined],
    ['a label more, that all pods have', { ...APP, ...HASH }, { ...APP, chart: 'api-1' }, undefined],
    ['a label less without a hash, which leads to more pods', { ...APP, chart: 'api-1' }, APP, ANOTHER],
    ['another selector', { ...APP, ...HASH }, { app: 'other' }, ANOTHER],
    ['the same selector', { ...APP, ...HASH }, APP, undefined],
  ]
  const ports: readonly PortRow[] = [
    [
      'another port',
      LIVE,
      HTTP,
      [{ name: 'http', port: 8080, targetPort: 8080 }],
      /^leave each port .* beside it; take/,
    ],
    ['another name of a port', LIVE, HTTP, [{ ...HTTP[0], name: 'web' }], /^leave each port that it has/],
    ['one more port', LIVE, HTTP, [...HTTP, { name: 'new', port: 8080, targetPort: 8080 }], undefined],
    [
      'another target',
      LIVE,
      HTTP,
      to(9090),
      /^leave its targetPort 8080, and .* in two releases, a name for that port/,
    ],
    [
      'another target of pods that have a name for theirs',
      NAMED,
      HTTP,
      to(9090),
      /^give web as its targetPort, and that/,
    ],
    ['a target by the name that pods have for it', NAMED, HTTP, to('web'), undefined],
    ['a target by a name that pods have not', LIVE, HTTP, to('web'), /^leave its targetPort 8080/],
    ['a number in place of the name that pods have for it', NAMED, to('web'), to(8080), undefined],
    ['another number in place of that name', NAMED, to('web'), to(9090), /^give web as its targetPort/],
    [
      'another protocol above TCP',
      LIVE,
      HTTP,
      [{ ...HTTP[0], appProtocol: 'http' }],
      /^leave it as it is in this release/,
    ],
  ]
  for (const [what, now, then, says] of selectors)
    it(`${what}: ${says === undefined ? 'nothing' : String(says)}`, () =>
      is(insteadOf(serviceOf(now, HTTP), serviceOf(then, HTTP), [LIVE]), says))
  for (const [what, pods, now, then, says] of ports)
    it(`${what}: ${says === undefined ? 'nothing' : String(says)}`, () =>
      is(insteadOf(serviceOf({ ...APP, ...HASH }, now), serviceOf(APP, then), [pods]), says))

  it('is told of each part, where all change', () =>
    assert.deepEqual(
      insteadOf(serviceOf({ ...APP, chart: 'api-1', ...HASH }, HTTP), serviceOf({ ...APP, chart: 'api-2' }, to(9090)), [
        NAMED,
      ]).map((each) => each.split(' ').slice(0, 2).join(' ')),
      ['leave chart', 'give web'],
    ))
  it('is another name where an alias leads elsewhere', () =>
    is(
      insteadOf(
        serviceOf({}, [], { type: 'ExternalName', externalName: 'one.example.com' }),
        serviceOf({}, [], { type: 'ExternalName', externalName: 'two.example.com' }),
        [LIVE],
      ),
      ANOTHER,
    ))
})

function is(found: readonly string[], says: RegExp | undefined): void {
  assert.equal(found.length, says === undefined ? 0 : 1, found.join('\n'))
  if (says !== undefined) assert.match(found[0]!, says)
}
