import { backend, frontend } from './legacy.ts'
import type { RawManifest } from './scenario.ts'

/** One deed of a story: what is said of it, and a command line with its exit code, or manifests that are applied. */
export type Deed = { readonly say: string } & (
  | { readonly words: readonly string[]; readonly exit: number }
  | { readonly apply: readonly RawManifest[] }
)

/** The life of the group of `legacy`: a release, the next one with the classic mistake, and the way back. */
export const STORY: readonly Deed[] = [
  {
    say: 'Users are on 1.0. 2.0 is deployed and waits; its frontend is wired to its own backend.',
    words: ['get-group', 'loan'],
    exit: 0,
  },
  {
    say: 'Promote both: the frontend first, and the backend only when the old frontend is gone.',
    words: ['promote-all', 'loan', '--yes'],
    exit: 0,
  },
  {
    say: 'The live frontend is left on backend-preview. Before the next release it is pointed back.',
    apply: frontend('2.0', 'backend-active', 'my-frontend-settings-m5k9fc2t7d'),
  },
  { say: 'For the tool that is a release like any other.', words: ['promote-all', 'loan', '--yes'], exit: 0 },
  { say: 'The next release, when the old pods are gone: the backend 3.0 is deployed …', apply: backend('3.0') },
  {
    say: '… and the frontend 3.0, but somebody forgets to switch its address to backend-preview.',
    apply: frontend('3.0', 'backend-active', 'my-frontend-settings-9bdg6k47mt'),
  },
  {
    say: 'Nothing of it is sent: users of the new frontend would meet the old backend.',
    words: ['promote-all', 'loan', '--yes'],
    exit: 3,
  },
  { say: 'Withdraw it. Users stay where they are.', words: ['abort-all', 'loan', '--yes'], exit: 0 },
  { say: 'They never met two versions.', words: ['get-group', 'loan'], exit: 0 },
]
