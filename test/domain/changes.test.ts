import assert from 'node:assert/strict'
import { changeOf } from '../../src/domain/deploy/changes.ts'
import type { Wanted } from '../../src/domain/deploy/desired.ts'

describe('what applying an object changes', () => {
  const rows: readonly [what: string, was: object, will: object, told: string | undefined][] = [
    ['nothing where a field that nobody gave is empty', { a: { resources: {} } }, { a: {} }, undefined],
    ['nothing where an empty list is left out', { a: { args: [] } }, { a: {} }, undefined],
    ['what was in a field that is left out', { a: { b: { c: 1 } } }, { a: {} }, 'spec.a.b: {"c":1} → nothing'],
    ['an empty rule, which lets everybody in', { ingress: [] }, { ingress: [{}] }, 'spec.ingress[0]: nothing → {}'],
    ['a value', { replicas: 2 }, { replicas: 3 }, 'spec.replicas: 2 → 3'],
  ]
  for (const [what, was, will, told] of rows)
    it(what, () => {
      const found = changeOf({ kind: 'Rollout', was: { spec: was }, will: { spec: will } } as unknown as Wanted)
      const lines =
        found === 'created'
          ? 'created'
          : found?.map(({ path, from, to }) => `${path}: ${from || 'nothing'} → ${to || 'nothing'}`).join('; ')
      assert.equal(lines, told)
    })
})
