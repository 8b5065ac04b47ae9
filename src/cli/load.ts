import type { Command } from './command.ts'
import type { VerbName } from './line/verbs.ts'

/** How to get at each verb; only the one that is asked for is loaded. */
const LOAD: Readonly<Record<VerbName, () => Promise<Command>>> = {
  'get-group': async () => (await import('./commands/get-group.ts')).getGroup,
  'deploy-all': async () => (await import('./commands/deploy-all.ts')).deployAll,
  'promote-all': async () => (await import('./commands/promote-all.ts')).promoteAll,
  'abort-all': async () => (await import('./commands/abort-all.ts')).abortAll,
  'undo-all': async () => (await import('./commands/undo-all.ts')).undoAll,
  'retry-all': async () => (await import('./commands/retry-all.ts')).retryAll,
  'restart-all': async () => (await import('./commands/restart-all.ts')).restartAll,
  'pause-all': async () => (await import('./commands/pause-all.ts')).pauseAll,
  'resume-all': async () => (await import('./commands/resume-all.ts')).resumeAll,
  check: async () => (await import('./commands/check.ts')).check,
  wait: async () => (await import('./commands/wait.ts')).wait,
  history: async () => (await import('./commands/history.ts')).history,
  graph: async () => (await import('./commands/graph.ts')).graph,
  release: async () => (await import('./commands/release.ts')).release,
  settle: async () => (await import('./commands/settle.ts')).settle,
  forward: async () => (await import('./commands/forward.ts')).forward,
  pin: async () => (await import('./commands/pin.ts')).pin,
  unpin: async () => (await import('./commands/unpin.ts')).unpin,
  demo: async () => (await import('./commands/demo.ts')).demo,
  completion: async () => (await import('./commands/completion.ts')).completion,
  options: async () => (await import('./commands/options.ts')).options,
  version: async () => (await import('./commands/version.ts')).version,
  help: async () => (await import('./commands/help.ts')).help,
}

/** The verb of a name. */
export function loadVerb(name: VerbName): Promise<Command> {
  return LOAD[name]()
}
