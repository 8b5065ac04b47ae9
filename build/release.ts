/**
 * `make dist`: every platform's archive, checksums and a bill of materials, in `dist/release/`; or only the platforms
 * that are named.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { writeArchive } from './archive.ts'
import { METAFILE } from './bundle.ts'
import { sha256 } from './krew.ts'
import { packageFolder } from './node-binary.ts'
import { RELEASED } from './packers.ts'
import { archiveName, binaryName, platform, TARGETS, type Target } from './targets.ts'
import { billOfMaterials, bundledPackages, thirdPartyNotice } from './third-party.ts'

const RELEASE = join('dist', 'release')

/** What stands in an archive beside the program. */
export function companionsOf({ os }: Target): readonly string[] {
  return [
    'LICENSE',
    'THIRD_PARTY_NOTICES',
    'kubectl_complete-rollouts_group',
    ...(os === 'windows' ? ['kubectl_complete-rollouts_group.cmd'] : []),
  ]
}

/** Builds the platforms one after the other: each binary is as large as Node is. */
async function release(targets: readonly Target[], version: string): Promise<void> {
  await mkdir(RELEASE, { recursive: true })
  const work = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    const packages = bundledPackages(JSON.parse(await readFile(METAFILE, 'utf8')) as Metafile)
    const companions = new Map([
      ['LICENSE', await readFile('LICENSE')],
      [
        'THIRD_PARTY_NOTICES',
        Buffer.from(
          thirdPartyNotice(
            packages,
            await readFile(join(await packageFolder(TARGETS[0]!.nodePackage), 'LICENSE'), 'utf8'),
          ),
        ),
      ],
      ...(await Promise.all(
        ['kubectl_complete-rollouts_group', 'kubectl_complete-rollouts_group.cmd'].map(
          async (name) => [name, await readFile(join('bin', name))] as const,
        ),
      )),
    ])
    const sums: string[] = []
    for (const target of targets) {
      const binary = join(work, binaryName(target))
      await RELEASED.pack(target, binary)
      const archive = archiveName(target, version)
      await writeArchive(join(RELEASE, archive), [
        { name: binaryName(target), bytes: await readFile(binary), executable: true },
        ...companionsOf(target).map((name) => ({
          name,
          bytes: companions.get(name)!,
          executable: name.startsWith('kubectl'),
        })),
      ])
      sums.push(`${sha256(await readFile(join(RELEASE, archive)))}  ${archive}`)
      console.log(sums.at(-1))
    }
    const bill = `kubectl-rollouts_group_v${version}.cdx.json`
    await writeFile(join(RELEASE, bill), await billOfMaterials(packages))
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
