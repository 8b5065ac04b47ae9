/**
 * `make dist`: every platform's archive, checksums and a bill of materials, in `dist/release/`; or only the platforms
 * that are named.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { writeArchive } from './archive.ts'
import { METAFILE } from './bundle.ts'
import { sha256 } from './krew.ts'
import { packerFor } from './packers.ts'
import { archiveName, platform, TARGETS, type Target } from './targets.ts'
import { billOfMaterials, bundledPackages, thirdPartyNotice } from './third-party.ts'

const RELEASE = join('dist', 'release')

/** Those that are shipped in any archive. */
const RUNTIMES = [...new Set(TARGETS.map((each) => packerFor(each).runtime))]

/** The licences of all that is in an archive. */
export const NOTICES = 'THIRD_PARTY_NOTICES'

/** What stands in an archive beside the program and the notices. */
export function companionsOf({ os }: Target): readonly string[] {
  return [
    'LICENSE',
    'bin/kubectl_complete-rollouts_group',
    ...(os === 'windows' ? ['bin/kubectl_complete-rollouts_group.cmd'] : []),
  ]
}

/** Builds the platforms one after the other: each binary is as large as Node is. */
async function release(targets: readonly Target[], version: string): Promise<void> {
  await mkdir(RELEASE, { recursive: true })
  const work = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    const packages = bundledPackages(JSON.parse(await readFile(METAFILE, 'utf8')) as Metafile)
    const sums: string[] = []
    for (const target of targets) {
      const packer = packerFor(target)
      const folder = join(work, platform(target))
      await mkdir(folder)
      const programs = await packer.pack(target, folder)
      for (const each of companionsOf(target)) await cp(each, join(folder, basename(each)))
      await writeFile(join(folder, NOTICES), await thirdPartyNotice(packages, packer.runtime))
      const names = [...programs, ...companionsOf(target).map((each) => basename(each)), NOTICES]
      const archive = archiveName(target, version)
      await writeArchive(
        join(RELEASE, archive),
        await Promise.all(
          names.map(async (name) => ({
            name,
            bytes: await readFile(join(folder, name)),
            executable: programs.includes(name) || name.startsWith('kubectl'),
          })),
        ),
      )
      await rm(folder, { recursive: true })
      sums.push(`${sha256(await readFile(join(RELEASE, archive)))}  ${archive}`)
      console.log(sums.at(-1))
    }
    const bill = `kubectl-rollouts_group_v${version}.cdx.json`
    await writeFile(join(RELEASE, bill), await billOfMaterials(packages, RUNTIMES))
    sums.push(`${sha256(await readFile(join(RELEASE, bill)))}  ${bill}`)
    await writeFile(join(RELEASE, 'checksums.txt'), `${sums.join('\n')}\n`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const named = process.argv.slice(2)
  const unknown = named.filter((name) => !TARGETS.some((each) => platform(each) === name))
  if (unknown.length > 0)
    throw new Error(`there is no platform ${unknown.join(', ')}; there are ${TARGETS.map(platform).join(', ')}`)
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  await release(
    TARGETS.filter((each) => named.length === 0 || named.includes(platform(each))),
    version,
  )
}
