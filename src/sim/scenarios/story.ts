import { plainRelease } from './plain.ts'
import type { RawManifest } from './scenario.ts'

/** One deed of a story: what is said of it, and a command line with its exit code. */
export interface Deed {
  readonly say: string
  readonly words: readonly string[]
  /** Manifests that the command line is given as a file, by the name of that. */
  readonly file?: { readonly name: string; readonly manifests: readonly RawManifest[] }
  readonly exit: number
}

/** The life of the group of `plain`: two releases, one that is wired as nobody should, one that fails its test. */
export const STORY: readonly Deed[] = [
  {
    say: 'Users are on 1.0. Each Rollout has one Service, and nobody has wired anything.',
    words: ['get-group', 'loan'],
    exit: 0,
  },
  release(
    '2.0',
    'The next version is a file like the last one. One command wires, proves, deploys and promotes it.',
    0,
  ),
  release('3.0', 'And the one after that.', 0),
  release(
    '4.0',
    'As the files are, the new frontend would meet the old backend: nothing of it is sent.',
    3,
    '--wiring=as-is',
  ),
  release(
    '4.0',
    'Wired, but its smoke test fails: what waits is withdrawn, and users stay where they are.',
    1,
    '--smoke',
    'exit 1',
  ),
  { say: 'They never met two versions.', words: ['get-group', 'loan'], exit: 0 },
]

function release(version: string, say: string, exit: number, ...more: readonly string[]): Deed {
  const file = { name: `${version}.json`, manifests: plainRelease(version) }
  return { say, words: ['release', 'loan', '-f', file.name, '--yes', ...more], file, exit }
}
