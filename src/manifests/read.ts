import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Manifest } from '../domain/manifests/manifest.ts'
import { fileFailure } from '../text/file-failure.ts'
import { ManifestError } from './manifest-error.ts'
import { parseManifests, type Text } from './parse.ts'
import { type Reading, render } from './render.ts'

/** What was asked for with `-f` and `-k`. */
export interface Asked {
  /** Files, directories, and `-` for standard input. */
  readonly files: readonly string[]
  /** Directories with a kustomization. */
  readonly kustomizations: readonly string[]
}

/** Manifests with the texts that they were read from. */
export interface ReadManifests {
  /** In the order in which they were given. */
  readonly manifests: readonly Manifest[]
  readonly texts: readonly Text[]
}

/** What kubectl takes of a directory (k8s.io/cli-runtime, resource.FileExtensions). */
const EXTENSION = /\.(json|ya?ml)$/

/**
 * Reads all manifests that were asked for.
 * @throws ManifestError where there is none, or one that cannot be had or read; the signal's reason
 */
export async function readManifests({ files, kustomizations }: Asked, reading: Reading): Promise<ReadManifests> {
  const texts: Text[] = []
  for (const path of new Set(files.flatMap(filesIn)))
    texts.push(...parseManifests(await contentOf(path, reading), path === '-' ? 'standard input' : path))
  for (const directory of new Set(kustomizations))
    texts.push(...parseManifests(await render(directory, reading), `kustomization ${directory}`))
  const manifests = texts.flatMap((each) => each.held.map(({ manifest }) => manifest))
  if (manifests.length === 0) {
    const asked = [...files.map((each) => (each === '-' ? 'standard input' : each)), ...kustomizations]
    throw new ManifestError(`there is no Kubernetes object in ${asked.join(', ')}`)
  }
  return { manifests, texts }
}

/** Those of a directory by name, those in directories of its own left out, as kubectl does without -R. */
function filesIn(path: string): string[] {
  if (path === '-') return [path]
  if (/^https?:\/\//.test(path))
    throw new ManifestError(`${path} is a URL, and nothing is fetched here: pipe it in, with -f -`)
  const entries = attempt(path, () => (statSync(path).isDirectory() ? readdirSync(path).sort() : undefined))
  return entries === undefined ? [path] : entries.filter((each) => EXTENSION.test(each)).map((each) => join(path, each))
}

async function contentOf(path: string, { stdin, signal }: Reading): Promise<string> {
  if (path !== '-') return attempt(path, () => readFileSync(path, 'utf8'))
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([text(stdin), promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function attempt<Result>(path: string, use: () => Result): Result {
  try {
    return use()
  } catch (error) {
    throw new ManifestError(fileFailure(error, path), { cause: error })
  }
}
