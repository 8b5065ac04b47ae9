/**
 * `make npm`: the package for the npm registry, in `dist/release/`: the bundle, which needs no other package, and how
 * it is started.
 */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Metafile } from 'esbuild'
import { FROM_FILES, METAFILE, START } from './bundle.ts'
import { insideOf, SCRIPTS } from './starters/inside.ts'
import { bundledPackages, thirdPartyNotice } from './third-party.ts'

const call = promisify(execFile)
const RELEASE = join('dist', 'release')

/** What of package.json is for whoever installs it: all that the plugin depends on is in the bundle. */
export function publishedManifest(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { name, version, description, license, homepage, repository, bugs, keywords, type, engines } = manifest
  // One name, so that npx knows which to run; completions come from a link to it (kubectl_complete-rollouts_group).
  return {
    name,
    version,
    description,
    license,
    homepage,
    repository,
    bugs,
    keywords,
    type,
    engines,
    bin: { 'kubectl-rollouts_group': 'bin/kubectl-rollouts_group.cjs' },
  }
}

/** What the package starts: npm warns of a Node that is too old, and whoever runs another one later is told by us. */
function starter({ node }: { readonly node: string }): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(node)!
  return `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > ${major} || (major === ${major} && minor >= ${minor})) require('../dist/${START}')
else {
  console.error(\`error: kubectl-rollouts_group needs Node ${major}.${minor} or later, and \${process.execPath} is \${process.versions.node}\`)
  process.exitCode = 1
}
`
}

/** Packs it. @returns the path of the tarball */
async function packNpm(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'npm-package-'))
  try {
    await mkdir(join(dir, 'bin'))
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Record<string, unknown>
    await writeFile(join(dir, 'bin', 'kubectl-rollouts_group.cjs'), starter(manifest.engines as { node: string }))
    await chmod(join(dir, 'bin', 'kubectl-rollouts_group.cjs'), 0o755)
    const { scripts } = insideOf('dist')
    const within = new Set(Object.values(scripts).flat())
    const others = globSync('chunks/*.mjs', { cwd: 'dist' }).filter((each) => !within.has(each.replaceAll('\\', '/')))
    for (const file of [START, FROM_FILES, SCRIPTS, ...Object.keys(scripts), ...others])
      await cp(join('dist', file), join(dir, 'dist', file))
    for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) await cp(file, join(dir, file))
    await writeFile(
      join(dir, 'THIRD_PARTY_NOTICES'),
      await thirdPartyNotice(bundledPackages(JSON.parse(await readFile(METAFILE, 'utf8')) as Metafile)),
    )
    await writeFile(
      join(dir, 'package.json'),
      `${JSON.stringify(publishedManifest(JSON.parse(await readFile('package.json', 'utf8'))), undefined, 2)}\n`,
    )
    await mkdir(RELEASE, { recursive: true })
    const { stdout } = await call('npm', ['pack', '--json', '--pack-destination', resolve(RELEASE)], {
      cwd: dir,
      shell: process.platform === 'win32',
    })
    return join(RELEASE, (JSON.parse(stdout) as [{ filename: string }])[0].filename)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) console.log(await packNpm())
