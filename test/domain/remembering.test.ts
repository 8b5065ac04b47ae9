import assert from 'node:assert/strict'
import { remembering } from '../../src/domain/objects/parse-once.ts'

describe('a parser that remembers', () => {
  const counted = () => {
    const parsed: unknown[] = []
    return {
      parsed,
      parse: remembering((raw, beside) => {
        parsed.push(raw)
        return { raw, beside }
      }),
    }
  }

  it('parses an object once, and another one like it too', () => {
    const { parsed, parse } = counted()
    const [one, other] = [{ name: 'a' }, { name: 'a' }]
    assert.equal(parse(one), parse(one))
    assert.notEqual(parse(other), parse(one))
    assert.deepEqual(parsed, [one, other])
  })

  it('parses it again when what belongs to it is another, and only then', () => {
    const { parsed, parse } = counted()
    const [raw, slice] = [{}, {}]
    const first = parse(raw, [slice])
    assert.equal(parse(raw, [slice]), first)
    for (const beside of [[{}], [slice, slice], [], undefined]) assert.equal(parse(raw, beside).beside, beside)
    assert.equal(parsed.length, 5)
  })

  it('parses what is no object as often as it is asked', () => {
    const { parsed, parse } = counted()
    for (const raw of ['text', null, undefined]) parse(raw)
    parse('text')
    assert.deepEqual(parsed, ['text', null, undefined, 'text'])
  })
})
