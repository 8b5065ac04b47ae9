import assert from 'node:assert/strict'
import type { Attempt } from '../../src/cluster/attempt.ts'
import { isUntrusted, neverSent, refusal, unreachable } from '../../src/cluster/errors.ts'

const TO = { server: 'https://k8s:6443', user: 'ann' }
const LIST: Attempt = { verb: 'list', resource: 'rollouts', namespace: 'legacy' }
const ALL: Attempt = { verb: 'list', resource: 'pods', namespace: undefined }
const GET: Attempt = { verb: 'get', resource: 'rollouts', namespace: 'legacy', name: 'my-backend' }
const PATCH: Attempt = {
  verb: 'patch',
  resource: 'rollouts',
  namespace: 'legacy',
  name: 'my-backend',
  subresource: 'status',
}
const CREATE: Attempt = { verb: 'create', resource: 'leases', namespace: 'legacy', name: 'loan' }

const status = (message: string, name?: string) => JSON.stringify({ kind: 'Status', message, details: { name } })

describe('the sentence of a failed request', () => {
  for (const [what, attempt, code, body, sentence] of [
    [
      'a forbidden list',
      LIST,
      403,
      status('rollouts.argoproj.io is forbidden: User "ann" cannot list'),
      'list rollouts in namespace legacy: rollouts.argoproj.io is forbidden: User "ann" cannot list; to see what you may do: kubectl auth can-i list rollouts.argoproj.io -n legacy',
    ],
    [
      'a forbidden patch of a status',
      PATCH,
      403,
      status('no', 'my-backend'),
      'patch status of rollout/my-backend in legacy: no; to see what you may do: kubectl auth can-i patch rollouts.argoproj.io/my-backend --subresource=status -n legacy',
    ],
    [
      'a forbidden list of everything',
      ALL,
      403,
      status('no'),
      'list pods in all namespaces: no; to see what you may do: kubectl auth can-i list pods --all-namespaces',
    ],
    [
      'a forbidden create',
      CREATE,
      403,
      status('no'),
      'create lease/loan in legacy: no; to see what you may do: kubectl auth can-i create leases.coordination.k8s.io -n legacy',
    ],
    [
      'rejected credentials',
      GET,
      401,
      status('Unauthorized'),
      'get rollout/my-backend in legacy: Unauthorized; your credentials (user "ann") were rejected by https://k8s:6443: log in again',
    ],
    [
      'a missing object',
      GET,
      404,
      status('rollouts.argoproj.io "my-backend" not found', 'my-backend'),
      'get rollout/my-backend in legacy: rollouts.argoproj.io "my-backend" not found',
    ],
    [
      'a cluster without Argo Rollouts',
      LIST,
      404,
      '404 page not found\n',
      'list rollouts in namespace legacy: 404 page not found; Argo Rollouts is not installed on this cluster',
    ],
    [
      'a resource the cluster does not serve',
      CREATE,
      404,
      '404 page not found\n',
      'create lease/loan in legacy: 404 page not found; this cluster does not serve leases.coordination.k8s.io',
    ],
    ['an answer without a word', LIST, 500, '', 'list rollouts in namespace legacy: HTTP 500'],
    [
      'an answer that plays with the terminal',
      LIST,
      400,
      status('bad\u001b[2J\rgood\u202e'),
      'list rollouts in namespace legacy: bad^[[2J\\rgood\\u202e',
    ],
  ] as const) {
    it(`tells ${what}`, () => assert.equal(refusal(attempt, TO, code, {}, body).message, sentence))
  }

  it('tells what rejected credentials without a user name were', () => {
    assert.match(refusal(GET, { ...TO, user: '' }, 401, {}, '').message, /your credentials were rejected/)
  })

  it('keeps the seconds to wait from the header, or else from the details', () => {
    const body = JSON.stringify({ details: { retryAfterSeconds: 3 } })
    assert.equal(refusal(LIST, TO, 429, { 'retry-after': '9' }, body).retryAfter, 9)
    assert.equal(refusal(LIST, TO, 429, {}, body).retryAfter, 3)
    assert.equal(refusal(LIST, TO, 503, { 'retry-after': 'Tue, 24 Nov 2026 08:00:00 GMT' }, '').retryAfter, undefined)
  })

  for (const [code, sentence, unsent, untrusted] of [
    ['ECONNREFUSED', 'connection refused', true, false],
    ['ENOTFOUND', 'no such host', true, false],
    ['ECONNRESET', 'connection reset', false, false],
    ['CONNECTION_LOST', 'connection lost', false, false],
    ['ERR_HTTP2_GOAWAY_SESSION', 'connection lost', true, false],
    ['NOT_TAKEN', 'what the system said', true, false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is signed by an unknown authority', true, true],
    ['CERT_HAS_EXPIRED', 'its certificate has expired', true, true],
    ['ESOMETHING', 'what the system said', false, false],
  ] as const) {
    it(`knows ${code}, also where it is only the cause, or of the error's kind`, () => {
      const system = Object.assign(new Error('what the system said'), { code })
      const kind = Object.create(system, { message: { value: 'what the system said' } }) as Error
      for (const error of [
        unreachable(LIST, TO, system),
        unreachable(LIST, TO, new Error('what the system said', { cause: system })),
        unreachable(LIST, TO, kind),
      ]) {
        assert.equal(error.reason, 'Unreachable')
        assert.ok(error.message.includes(sentence) && error.message.includes(TO.server), error.message)
        assert.deepEqual([neverSent(error), isUntrusted(error)], [unsent, untrusted])
      }
    })
  }
})
