import { transform } from 'esbuild'
import { readFileSync, writeFileSync } from 'node:fs'
for (const f of ['ask.js', 'look.js', 'run.js']) {
  const p = `/work/tmp/npmmin/package/dist/${f}`
  const { code } = await transform(readFileSync(p, 'utf8'), { minifyWhitespace: true, minifyIdentifiers: true, loader: 'js', target: 'node22' })
  console.log(f, readFileSync(p).length, code.length, code.slice(0, 100))
  writeFileSync(p, code)
}
