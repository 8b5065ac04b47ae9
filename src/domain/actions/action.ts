/**
 * What is asked of one member.
 * `deploy`: make it what a person's files say, up to its first gate.
 * `promote`: pass its last gate, all users go to the next revision.
 * `advance`: pass a canary's gate that is not its last.
 * `promote-full`: skip every further gate and analysis.
 * `abort`: withdraw the next revision, keep the spec. `restore-stable`: put the stable revision's pod template back.
 * `retry`: let an aborted revision come to its first gate again.
 * `undo`: put the pod template back that users were on before the last promote.
 * `restart`: replace its pods. `pause`, `resume`: set `spec.paused`, take it back.
 */
export type Action =
  | 'deploy'
  | 'promote'
  | 'advance'
  | 'promote-full'
  | 'abort'
  | 'restore-stable'
  | 'retry'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'undo'
