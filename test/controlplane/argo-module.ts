import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The directory of Argo Rollouts' own source, of the version that is built, in the Go module cache. @throws Error */
export function argoModule(): string {
  return execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/argoproj/argo-rollouts'], {
    cwd: fileURLToPath(new URL('tools', import.meta.url)),
    encoding: 'utf8',
  }).trim()
}
