import assert from 'node:assert/strict'
import { configMap, member, refusals, rewired } from './files.ts'

const MEGABYTE = 1_000_000

/** A text of a megabyte, of so many of the same. */
const full = (of: string) => of.repeat(Math.ceil(MEGABYTE / of.length))

describe('a file of a megabyte is looked through once', () => {
  const rows: readonly [what: string, text: string, refused: readonly string[], left: string | undefined][] = [
    [
      'with an address in each line',
      full('a_url: https://api-active/x\n'),
      [
        'host-sensitive: web is to call api by the host api-2-0 (api-active in file a of ConfigMap big), ' +
          'and its certificate may be for api-active alone',
      ],
      undefined,
    ],
    [
      'with a name in each line',
      full('- job_name: api-active\n'),
      [],
      'api-active in file a of ConfigMap big (line 1: - job_name: api-active; line 2: - job_name: api-active; ' +
        'line 3: - job_name: api-active; and 43476 more)',
    ],
    ['with a list in one line', `a_hosts: ${full('api-active,')}`, [], undefined],
    ['with blocks in blocks', full('location /a/ { proxy_pass http://api-active/; '), [], undefined],
    ['with blocks that hold nothing', `a ${full('{ ')}`, [], undefined],
    ['with tags that do not end', `a ${full('{{ if ')}`, [], undefined],
    ['with nothing in a line', `a: ${full(' ')}b`, [], undefined],
  ]
  for (const [what, content, refused, left] of rows)
    it(what, () => {
      const container = 'env: [{name: API_URL, value: "http://api-active"}], volumeMounts: [{name: c, mountPath: /c}]'
      const web = member('web', container, '2.0', '      volumes: [{name: c, configMap: {name: big}}]')
      const result = rewired([member('api'), web, configMap('big', { a: content })])
      assert.deepEqual(refusals(result), refused)
      const told = result.findings.find(({ code }) => code === 'name-left')?.sentence
      assert.equal(told?.slice(told.indexOf('stay: ') + 'stay: '.length), left)
    })
})
