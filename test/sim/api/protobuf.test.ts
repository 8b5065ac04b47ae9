import assert from 'node:assert/strict'
import { objectOf } from '../../../src/sim/api/protobuf.ts'
import { MESSAGES } from '../../../src/sim/api/protobuf-messages.ts'
import { Serving } from '../serving.ts'

const attributesIn = (text: string): any => objectOf(text, MESSAGES.selfsubjectaccessreviews!).spec?.resourceAttributes

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
/** What kubectl 1.32 sends for `auth can-i patch rollouts --subresource=status -n legacy`. */
const SENT =
  'k8s\0\x0a\x32\x0a\x17authorization.k8s.io/v1\x12\x17SelfSubjectAccessReview\x12\x52\x0a\x10\x0a\x00\x12\x00\x1a\x00"\x00*\x002\x008\x00B\x00' +
  '\x124\x0a2\x0a\x06legacy\x12\x05patch\x1a\x0bargoproj.io"\x00*\x08rollouts2\x06status:\x00\x1a\x08\x08\x00\x12\x00\x1a\x00 \x00\x1a\x00"\x00'

const number = (value: number): Buffer =>
  value < 128 ? Buffer.of(value) : Buffer.concat([Buffer.of(128 + (value % 128)), number(Math.floor(value / 128))])
const field = (tag: number, value: string | Buffer): Buffer =>
  Buffer.concat([number(tag * 8 + 2), number(Buffer.byteLength(value)), Buffer.from(value)])
const review = (attributes: Buffer): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, ''), field(2, field(2, field(1, attributes)))])

describe('a review in protobuf', () => {
  it('is read as kubectl sends it', () =>
    assert.deepEqual(attributesIn(SENT), {
      namespace: 'legacy',
      verb: 'patch',
      group: 'argoproj.io',
      resource: 'rollouts',
      subresource: 'status',
    }))

  it('may name what is long, what is not ASCII, and what nobody knows', () => {
    const name = 'größe'.repeat(60)
    const { name: read, verb } = attributesIn(
      review(Buffer.concat([Buffer.of(64, 5), field(7, name), field(1000, 'x')])).toString('latin1'),
    )
    assert.deepEqual([read, verb], [name, undefined])
  })

  for (const [what, bytes] of [
    ['without its magic number', SENT.slice(4)],
    ['that is JSON', '{}'],
    ['that ends early', SENT.slice(0, -30)],
    ['that ends in a number', review(Buffer.of(0x0a, 0x80)).toString('latin1')],
    ['with a field that is longer than all', review(Buffer.of(0x0a, 0x7f)).toString('latin1')],
    ['with a field of four bytes', review(Buffer.of(0x0d, 1, 0, 0, 0)).toString('latin1')],
    ['of nothing', ''],
  ] as const) {
    it(`${what} is a bad request`, () => assert.throws(() => attributesIn(bytes), { code: 400, reason: 'BadRequest' }))
  }

  it('is answered in JSON, whatever its length', async () => {
    const at = await Serving.start()
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' }
    const asked = Buffer.concat([
      field(1, 'n'.repeat(200)),
      field(2, 'patch'),
      field(3, 'argoproj.io'),
      field(5, 'rollouts'),
      field(6, 'status'),
    ])
    const answers = [
      await at.ask('POST', PATH, { as: 'promoter', body: review(asked), headers }),
      await at.ask('POST', PATH, { as: 'viewer', body: review(asked), headers }),
    ]
    const { body: self } = await at.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      as: 'viewer',
      body: Buffer.from('k8s\0\x12\x02\x12\x00'),
      headers,
    })
    const { code } = await at.ask('POST', '/apis/apps/v1/namespaces/legacy/deployments', {
      body: review(asked),
      headers,
    })
    await at.close()
    assert.deepEqual(
      answers.map(({ body }) => [body.kind, body.spec.resourceAttributes.namespace, body.status.allowed]),
      [
        ['SelfSubjectAccessReview', 'n'.repeat(200), true],
        ['SelfSubjectAccessReview', 'n'.repeat(200), false],
      ],
    )
    assert.deepEqual(
      [self.kind, self.spec, self.status.userInfo.username, code],
      ['SelfSubjectReview', undefined, 'viewer', 415],
    )
  })
})
