import assert from 'node:assert/strict'
import { ApiFailure, type KubeObject } from '../../src/sim/objects.ts'
import { fieldSelector, labelSelector } from '../../src/sim/selectors.ts'

const OBJECT = {
  apiVersion: 'v1',
  kind: 'Event',
  involvedObject: { name: 'my-backend' },
  metadata: {
    name: 'a',
    namespace: 'legacy',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '',
    labels: { app: 'my-backend', tier: '', 'app.kubernetes.io/part-of': 'loan', weight: '20' },
  },
} as const satisfies KubeObject
const BARE: KubeObject = { ...OBJECT, metadata: { name: 'b', uid: 'u', resourceVersion: '1', creationTimestamp: '' } }

const whom = (first: boolean, second: boolean): string =>
  first ? (second ? 'both objects' : 'the first object') : second ? 'the second object' : 'no object'
const isBadRequest = ({ code, reason }: ApiFailure): boolean => code === 400 && reason === 'BadRequest'

describe('a label selector', () => {
  for (const [text, labelled, bare] of [
    ['app=my-backend', true, false],
    ['app==my-backend', true, false],
    ['app = my-backend', true, false],
    ['app=other', false, false],
    ['app.kubernetes.io/part-of=loan', true, false],
    ['app!=my-backend', false, true],
    ['app != other', true, true],
    ['tier=', true, false],
    ['app=', false, false],
    ['tier!=', false, true],
    ['app', true, false],
    ['tier', true, false],
    ['absent', false, false],
    ['!app', false, true],
    ['! absent', true, true],
    ['constructor', false, false],
    ['app in (my-backend)', true, false],
    ['app in (x, my-backend)', true, false],
    ['app in(x,my-backend)', true, false],
    ['app in (x)', false, false],
    ['tier in ()', true, false],
    ['app notin (my-backend)', false, true],
    ['app notin (x,y)', true, true],
    ['constructor notin (x)', true, true],
    ['weight>19', true, false],
    ['weight > 20', false, false],
    ['weight<21', true, false],
    ['weight<20', false, false],
    ['app>1', false, false],
    ['tier<1', false, false],
    ['app=my-backend,tier', true, false],
    ['app in (a,my-backend),tier=', true, false],
    ['app,absent', false, false],
    ['app=my-backend, !absent', true, false],
    ['', true, true],
    [' ', true, true],
  ] as const) {
    it(`${JSON.stringify(text)} selects ${whom(labelled, bare)}`, () =>
      assert.deepEqual([labelSelector(text)(OBJECT), labelSelector(text)(BARE)], [labelled, bare]))
  }

  for (const text of [
    'a in (b',
    'a in b',
    'a=b=c',
    'a b',
    '!a=b',
    '=b',
    'a,',
    ',a',
    'a,,b',
    'a=b c',
    'a=b/c',
    'a>x',
    'a in (b))',
    '$a',
    '(a)',
  ]) {
    it(`${JSON.stringify(text)} is a bad request`, () => assert.throws(() => labelSelector(text), isBadRequest))
  }
})

describe('a field selector', () => {
  for (const [text, named, other] of [
    ['metadata.name=a', true, false],
    ['metadata.name==a', true, false],
    ['metadata.name!=a', false, true],
    ['metadata.namespace=legacy', true, false],
    ['metadata.namespace!=legacy', false, true],
    ['metadata.name=a,metadata.namespace=legacy', true, false],
    ['metadata.name=a,metadata.namespace=x', false, false],
    ['involvedObject.name=my-backend', true, true],
    ['metadata.namespace=', false, true],
    ['', true, true],
  ] as const) {
    it(`${JSON.stringify(text)} selects ${whom(named, other)}`, () =>
      assert.deepEqual([fieldSelector(text)(OBJECT), fieldSelector(text)(BARE)], [named, other]))
  }

  for (const text of ['spec.paused=true', 'metadata.labels=a', 'metadata.name', 'metadata.name>a']) {
    it(`${JSON.stringify(text)} is a bad request`, () => assert.throws(() => fieldSelector(text), isBadRequest))
  }
})
