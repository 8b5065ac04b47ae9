import assert from 'node:assert/strict'
import { type Change, copied, type Product } from './product.ts'

/** What somebody adds, and the one file that does not compile until it has its row. */
const ADDED: readonly (Change & { readonly what: string; readonly at: string })[] = [
  {
    what: 'an action',
    file: 'src/domain/actions/action.ts',
    from: "  | 'promote'\n",
    to: "  | 'juggle'\n  | 'promote'\n",
    at: 'src/domain/actions/actions.ts',
  },
  {
    what: 'a goal',
    file: 'src/domain/actions/step.ts',
    from: 'export type Goal =\n',
    to: "export type Goal =\n  | { readonly kind: 'juggled'; readonly hash: string; readonly replicas: number }\n",
    at: 'src/domain/actions/goals.ts',
  },
  {
    what: 'a verb',
    file: 'src/domain/intent.ts',
    from: "  'abort-all': {\n",
    to: "  'juggle-all': { towards: 'stable', deed: 'withdraws', on: 'all', undoneBy: undefined, key: 'u', words: { asks: '', done: '', none: '', shows: '', idle: '' } },\n  'abort-all': {\n",
    at: 'src/domain/plan/drafts.ts',
  },
  {
    what: 'a verb of the command line',
    file: 'src/cli/line/verbs.ts',
    from: "  'wait',\n",
    to: "  'wait',\n  'juggle-all',\n",
    at: 'src/cli/load.ts',
  },
  {
    what: 'a code of a finding',
    file: 'src/domain/checks/status.ts',
    from: "say(context, 'gitops', {",
    to: "say(context, 'never-heard-of', {",
    at: 'src/domain/checks/status.ts',
  },
]

describe('what is added without its row', function () {
  this.timeout('5m')
  let product: Product
  before(async () => {
    product = await copied()
  })
  after(() => product[Symbol.asyncDispose]())

  for (const { what, at, ...change } of ADDED)
    it(`does not compile, at one place: ${what}`, async () => {
      const { stdout } = await product.changed(change, () => product.runs('typescript/bin/tsc', ['-p', '@/src']))
      const places = stdout.split('\n').flatMap((each) => /^(?:.*\/)?(src\/[^(]+)\(.*error TS/.exec(each)?.[1] ?? [])
      assert.deepEqual(places, [at], stdout)
    })
})
