import { execFile, type ExecFileException } from 'node:child_process'
import type { Readable } from 'node:stream'
import { ManifestError } from './manifest-error.ts'

/** What reading needs of the process. */
export interface Reading {
  readonly stdin: Readable
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** More than any kustomization makes. */
const MOST = 256 * 1024 * 1024

/**
 * What `kubectl kustomize` makes of a directory: by the kubectl that runs us, which says so in KUBECTL_PATH, else by
 * that of the PATH.
 * @throws ManifestError with kubectl's own words; the signal's reason
 */
export function render(directory: string, { env, signal }: Pick<Reading, 'env' | 'signal'>): Promise<string> {
  const kubectl = env.KUBECTL_PATH || 'kubectl'
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(
    kubectl,
    ['kustomize', directory],
    { env: env as NodeJS.ProcessEnv, signal, maxBuffer: MOST },
    (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      if (signal.aborted) return reject(signal.reason)
      reject(new ManifestError(why(kubectl, directory, error, stderr), { cause: error }))
    },
  )
  return promise
}

function why(kubectl: string, directory: string, error: ExecFileException, stderr: string): string {
  if (error.code === 'ENOENT')
    return (
      `-k ${directory} is rendered by kubectl, and there is no ${kubectl}: put it in the PATH, ` +
      `name it in KUBECTL_PATH, or pipe the manifests in, with -f -`
    )
  const said = wordsOf(stderr.trim())
  if (/unknown command "kustomize"/.test(said))
    return (
      `-k ${directory} is rendered by kubectl kustomize, which ${kubectl} is too old for (1.14 has it): ` +
      `name another in KUBECTL_PATH, or pipe the manifests in, with -f -`
    )
  return `the kustomization ${directory} cannot be rendered: ${said === '' ? error.message : said}`
}

/** What kubectl says, without the marks of its log (klog, `run.go:74] "command failed" err="…"`). */
function wordsOf(stderr: string): string {
  const [, logged] = /"command failed" err="(.*)"$/s.exec(stderr) ?? []
  return (logged ?? stderr).replace(/^error: /i, '')
}
