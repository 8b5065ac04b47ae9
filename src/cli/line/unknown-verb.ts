import { UsageError } from '../command.ts'
import { didYouMean } from './suggest.ts'
import { VERB_NAMES } from './verbs.ts'

/** What kubectl and `kubectl argo rollouts` call it, and who has their habits types. */
const MEANT: { readonly [word: string]: string } = {
  get: 'get-group',
  list: 'get-group',
  ls: 'get-group',
  status: 'get-group',
  describe: 'get-group',
  watch: 'get-group -w',
  dashboard: 'get-group -w',
  apply: 'deploy-all',
  deploy: 'deploy-all',
  promote: 'promote-all',
  abort: 'abort-all',
  undo: 'undo-all',
  rollback: 'undo-all',
  retry: 'retry-all',
  restart: 'restart-all',
  pause: 'pause-all',
  resume: 'resume-all',
  lint: 'check',
  validate: 'check',
}

/** What there is for a single Rollout alone. */
const OF_ONE: { readonly [word: string]: string } = {
  terminate: 'terminate analysisrun',
  set: 'set image',
}

/** There is no such verb, and what there is instead. @param said what it was typed for, where that is no plain verb */
export function unknownVerb(word: string, said = `unknown command ${JSON.stringify(word)}`): UsageError {
  return new UsageError(`${said}${instead(word)}`)
}

function instead(word: string): string {
  if (Object.hasOwn(MEANT, word)) return `; did you mean ${MEANT[word]}?`
  if (Object.hasOwn(OF_ONE, word))
    return `; there is one for a single rollout: kubectl argo rollouts ${OF_ONE[word]} NAME`
  return didYouMean(word, VERB_NAMES)
}
