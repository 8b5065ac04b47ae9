import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { coreScripts } from '../../build/core-scripts.ts'

describe('the scripts of a binary', function () {
  this.timeout(30_000)
  const dir = mkdtempSync(join(tmpdir(), 'core-'))
  after(() => rmSync(dir, { recursive: true }))
  const TWO = { 'two.js': ['src/main.ts', 'src/cli/run.ts'] }
  const modulesIn = async (dist: string, loaded?: Readonly<Record<string, readonly string[]>>) =>
    Object.assign(
      {},
      ...(await coreScripts(dist, loaded)).map(({ source }) => runInThisContext(source) as object),
    ) as Record<string, (...given: unknown[]) => void>

  it('hold what a look and a run need, each module once, and all that these require', async () => {
    const scripts = await coreScripts('dist')
    const all = scripts.flatMap((each) => each.modules)
    assert.deepEqual(
      [scripts.map((each) => each.name), all.length],
      [['ask.js', 'look.js', 'run.js'], new Set(all).size],
    )
    const modules = await modulesIn('dist')
    assert.deepEqual(Object.keys(modules).sort(), all.toSorted())
    const required = Object.values(modules).flatMap((each) =>
      [...String(each).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!),
    )
    assert.ok(scripts[0]!.modules.includes('kubectl-rollouts_group.mjs'))
    assert.deepEqual(
      [...new Set(required)].filter((name) => !isBuiltin(name) && !(name in modules)),
      [],
    )
    assert.ok(required.some((name) => /^chunks\/get-group-/.test(name)))
    assert.ok(!Object.keys(modules).some((name) => /start-sim|app|parser/.test(name)))
  })

  /** A bundle of one module that is in the core, of one that this imports, and of whatever else. */
  const bundled = (of: string): string => {
    const dist = join(dir, `dist-${of.length}`)
    mkdirSync(join(dist, 'chunks'), { recursive: true })
    const output = (imports: readonly string[], entryPoint?: string) => ({
      ...(entryPoint !== undefined && { entryPoint }),
      imports: imports.map((path) => ({ path: join(dist, path), kind: 'import-statement' })),
    })
    const outputs = {
      [join(dist, 'main.mjs')]: output(['chunks/a.mjs'], 'src/main.ts'),
      [join(dist, 'chunks/a.mjs')]: output([]),
      [join(dist, 'chunks/b.mjs')]: output([], 'src/cli/run.ts'),
      [join(dist, 'chunks/c.mjs')]: output([], 'src/cli/elsewhere.ts'),
    }
    writeFileSync(join(dist, 'meta.json'), JSON.stringify({ outputs }))
    writeFileSync(join(dist, 'main.mjs'), 'import { a } from "./chunks/a.mjs"; export { a }')
    writeFileSync(join(dist, 'chunks/a.mjs'), of)
    writeFileSync(join(dist, 'chunks/b.mjs'), 'export const b = "µ"')
    return dist
  }

  it('name modules from wherever they are asked for', async () => {
    const code = 'export const a = [import("./b.mjs"), import("./c.mjs"), import("node:fs")]'
    const modules = await modulesIn(bundled(code), TWO)
    assert.deepEqual(Object.keys(modules), ['chunks/a.mjs', 'chunks/b.mjs', 'main.mjs'])
    const loaded: string[] = []
    const module = { exports: {} as Record<string, unknown> }
    const require = (name: string): unknown => {
      loaded.push(`core ${name}`)
      const made = { exports: {} }
      modules[name]!(made.exports, require, made, (other: string) => loaded.push(other))
      return made.exports
    }
    modules['main.mjs']!(module.exports, require, module)
    const [b] = await Promise.all(module.exports['a'] as unknown[])
    assert.deepEqual(
      [(b as { b: string }).b, loaded],
      ['µ', ['core chunks/a.mjs', './chunks/c.mjs', 'node:fs', 'core chunks/b.mjs']],
    )
  })

  it('run as strictly as modules do', async () => {
    const modules = await modulesIn('dist')
    for (const [name, make] of Object.entries(modules)) assert.match(String(make), /^[^{]*\{'use strict'\n/, name)
  })

  it('have no line that fills a screen, where Node tells a mistake', async () => {
    const strings = /"[^"]{200,}"/g
    for (const { name, source } of await coreScripts('dist'))
      for (const line of source.replaceAll(strings, '""').split('\n')) assert.ok(line.length < 2000, `${name}: ${line}`)
  })

  it('are refused where one is not loaded by itself', () =>
    assert.rejects(coreScripts('dist', { 'a.js': ['src/cli/nobody.ts'] }), /nobody\.ts is not loaded by itself/))

  it('are refused where one imports what it does not name, or has letters of another alphabet', async () => {
    await assert.rejects(
      coreScripts(bundled('export const a = (name) => import(name)'), TWO),
      /a\.mjs imports what it does not/,
    )
    await assert.rejects(coreScripts(bundled('export const a = /ж/'), TWO), /write ж as an escape/)
  })
})
