import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Metafile } from 'esbuild'
import type { Runtime } from './packers/packer.ts'

const call = promisify(execFile)

/** A package of which something is in the bundle. */
export interface Bundled {
  readonly name: string
  readonly version: string
  readonly license: string
  /** Where it is installed: `node_modules/NAME`, or deeper where there are two versions. */
  readonly path: string
}

/** The packages that esbuild has taken anything from, by name and version. @throws Error where one names no licence */
export function bundledPackages({ outputs }: Metafile): Bundled[] {
  const taken = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  )
  const paths = new Set(taken.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  const found = [...paths].sort().map((path): Bundled => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
      throw new Error(`${path}/package.json names no version or no licence: look which it has before it is shipped`)
    return { name, version, license, path }
  })
  return [...new Map(found.map((each) => [refOf(each), each])).values()].sort((a, b) => (refOf(a) < refOf(b) ? -1 : 1))
}

function refOf({ name, version }: Pick<Bundled, 'name' | 'version'>): string {
  return `${name}@${version}`
}

/**
 * The licences of all that is shipped with the plugin.
 * @param runtime what it is shipped with, where it is a program of its own
 * @throws Error where a package has no licence text
 */
export async function thirdPartyNotice(packages: readonly Bundled[], runtime?: Runtime): Promise<string> {
  const parts = packages.map((each) => section(`${each.name} ${each.version} (${each.license})`, licenceText(each)))
  const last = runtime === undefined ? [] : [section(`${runtime.title} ${runtime.version}`, await runtime.licence())]
  return ['kubectl rollouts-group contains software of others, under these licences.\n', ...parts, ...last].join('\n')
}

function section(title: string, text: string): string {
  return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.trim().replaceAll('\r\n', '\n')}\n`
}

/**
 * Of a package that comes without one `build/licences/` has the text: the licence it declares, with the copyright line
 * of its sources.
 */
function licenceText({ name, path, license }: Bundled): string {
  const files = readdirSync(path)
    .filter((each) => /^(licen[cs]e|copying|notice)/i.test(each))
    .sort()
    .map((each) => join(path, each))
  const kept = join('build', 'licences', `${name.replace('/', '__')}.txt`)
  if (files.length === 0 && !existsSync(kept))
    throw new Error(`${path} has no licence text (${license} by its package.json): put it into ${kept}`)
  return (files.length > 0 ? files : [kept]).map((each) => readFileSync(each, 'utf8')).join('\n\n')
}

interface Component {
  readonly 'bom-ref': string
  readonly [more: string]: unknown
}

interface Bill {
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/**
 * npm's own CycloneDX bill of materials, without what is not in the bundle, with the runtimes, and without the moment, the
 * number and the tool of its making: the same tree gives the same bytes.
 * @throws Error where npm does not list what is bundled
 */
export async function billOfMaterials(packages: readonly Bundled[], runtimes: readonly Runtime[]): Promise<string> {
  const { stdout } = await call('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  })
  const { metadata, components, dependencies } = JSON.parse(stdout) as Bill
  const shipped = new Set(packages.map(refOf))
  const listed = new Map(components.map((each) => [each['bom-ref'], each]))
  const missing = [...shipped].filter((each) => !listed.has(each))
  if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}, of which something is bundled`)
  const { name, version: own } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>
  const plugin = { ...metadata.component, type: 'application', name, version: own, properties: undefined }
  const platforms = runtimes.map(({ name: of, version, license }) => ({
    'bom-ref': `${of}@${version}`,
    type: 'platform',
    name: of,
    version,
    purl: `pkg:generic/${of}@${version}`,
    licenses: [{ license: { id: license } }],
  }))
  const edges = dependencies
    .filter(({ ref }) => shipped.has(ref) || ref === plugin['bom-ref'])
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: [
        ...dependsOn.filter((each) => shipped.has(each)),
        ...(ref === plugin['bom-ref'] ? platforms.map((each) => each['bom-ref']) : []),
      ],
    }))
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: plugin },
      components: [...[...shipped].map((each) => listed.get(each)), ...platforms],
      dependencies: edges,
    },
    undefined,
    2,
  )}\n`
}
