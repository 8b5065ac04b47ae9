import { delimiter, dirname, isAbsolute, join, sep } from 'node:path'
import { YAMLException } from 'js-yaml'
import { at, fields, type Fields, list, text } from '../domain/objects/fields.ts'
import { fileFailure } from '../text/file-failure.ts'
import { printable } from '../text/printable.ts'
import type { ConnectionFlags } from './flags.ts'
import { ClusterError } from './port.ts'
import { oddField, otherKind, type Section } from './kubeconfig-schema.ts'
import { readFile } from './read-file.ts'
import { readYaml } from './yaml.ts'

/** The kubeconfig files together, by name; file names in them no longer depend on where they stood. */
export interface Kubeconfig {
  readonly contexts: ReadonlyMap<string, Fields>
  readonly clusters: ReadonlyMap<string, Fields>
  readonly users: ReadonlyMap<string, Fields>
  readonly currentContext: string | undefined
  /** The files that were there. */
  readonly files: readonly string[]
  /** The files that were looked for, in order of precedence. */
  readonly sought: readonly string[]
}

/** The entries of a kubeconfig that name files, relative to the kubeconfig itself (client-go, clientcmd/loader.go). */
const FILE_KEYS = {
  contexts: [],
  clusters: ['certificate-authority'],
  users: ['client-certificate', 'client-key', 'tokenFile'],
} as const

/**
 * Reads and merges kubeconfig files as kubectl does (client-go, clientcmd/loader.go): --kubeconfig alone, and it must
 * exist; else the files of KUBECONFIG, missing and empty ones skipped; else `~/.kube/config`. The first file to name a
 * thing wins, whole.
 * @throws ClusterError, reason Configuration, where a file cannot be read or understood
 */
export function readKubeconfig({
  kubeconfig,
  env,
  homedir,
}: Pick<ConnectionFlags, 'kubeconfig' | 'env' | 'homedir'>): Kubeconfig {
  const explicit = kubeconfig !== undefined && kubeconfig !== ''
  const sought = explicit
    ? [kubeconfig]
    : env.KUBECONFIG
      ? fileList(env.KUBECONFIG)
      : [join(homedir, '.kube', 'config')]
  const files = sought.flatMap((path) => {
    const file = readOne(path, explicit)
    return file === undefined ? [] : { ...file, path }
  })
  const merged = (section: Section): ReadonlyMap<string, Fields> =>
    new Map(files.toReversed().flatMap((file) => [...file[section]]))
  return {
    contexts: merged('contexts'),
    clusters: merged('clusters'),
    users: merged('users'),
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
    files: files.map((each) => each.path),
    sought,
  }
}

function fileList(value: string): readonly string[] {
  return [...new Set(value.split(delimiter).filter((path) => path !== ''))]
}

type One = { readonly [S in Section]: ReadonlyMap<string, Fields> } & { readonly currentContext: string | undefined }

function readOne(path: string, mustExist: boolean): One | undefined {
  let source: string
  try {
    source = readFile(path).toString('utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOENT')
      throw configuration(`error loading config file ${JSON.stringify(path)}: ${fileFailure(error, path)}`, error)
    if (mustExist) throw configuration(`stat ${path}: no such file or directory`, error)
    return undefined
  }
  const parsed = parse(source, path)
  const odd = otherKind(parsed)
  if (odd !== undefined) throw configuration(`error loading config file ${JSON.stringify(path)}: ${odd}`)
  const current = text(at(parsed, 'current-context'))
  return {
    contexts: entries(parsed, 'contexts', path),
    clusters: entries(parsed, 'clusters', path),
    users: entries(parsed, 'users', path),
    currentContext: current === '' ? undefined : current,
  }
}

function parse(source: string, path: string): unknown {
  try {
    const document = readYaml(source) ?? {}
    if (typeof document === 'object' && !Array.isArray(document)) return document
  } catch (error) {
    // The lines after the first quote the file, which may hold a token.
    const where = error instanceof YAMLException ? error.message.split('\n')[0] : String(error)
    throw configuration(`error loading config file ${JSON.stringify(path)}: ${where}`, error)
  }
  throw configuration(`error loading config file ${JSON.stringify(path)}: it is not a kubeconfig`)
}

function entries(parsed: unknown, section: Section, path: string): ReadonlyMap<string, Fields> {
  const inner = section.slice(0, -1)
  const found = new Map<string, Fields>()
  for (const entry of list(at(parsed, section))) {
    const name = at(entry, 'name')
    if (typeof name !== 'string' || name === '')
      throw configuration(`error loading config file ${JSON.stringify(path)}: an entry of ${section} has no name`)
    if (found.has(name))
      throw configuration(
        `error loading config file ${JSON.stringify(path)}: duplicate name ${JSON.stringify(name)} in ${section}`,
      )
    const odd = oddField(fields(at(entry, inner)), section)
    if (odd !== undefined)
      throw configuration(
        `error loading config file ${JSON.stringify(path)}: ${odd} of ${JSON.stringify(name)} in ${section}`,
      )
    found.set(name, anchored(fields(at(entry, inner)), FILE_KEYS[section], dirname(path)))
  }
  return found
}

/**
 * Relative file names, and a credential plugin given by a relative path, belong to the directory of their own
 * kubeconfig.
 */
function anchored(entry: Fields, keys: readonly string[], directory: string): Fields {
  const absolute = (file: string): string => (isAbsolute(file) ? file : join(directory, file))
  const result: Record<string, unknown> = { ...entry }
  for (const key of keys) {
    const file = text(entry[key])
    if (file !== undefined && file !== '') result[key] = absolute(file)
  }
  const command = text(at(entry, 'exec', 'command'))
  if (command !== undefined && command.includes(sep))
    result.exec = { ...fields(entry.exec), command: absolute(command) }
  return result
}

/** A kubeconfig, or what it names, that does not work; a hint of several lines keeps them. */
export function configuration(message: string, cause?: unknown): ClusterError {
  return new ClusterError('Configuration', message.split('\n').map(printable).join('\n'), { cause })
}
