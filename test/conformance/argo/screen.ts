/** What Argo Rollouts' own plugin says of a Rollout (`get rollout`). */
export interface Screen {
  readonly phase: string
  readonly message: string
  /** `1/4`; absent where a canary is not in its steps. */
  readonly step: string | undefined
  readonly setWeight: number | undefined
  readonly actualWeight: number | undefined
  /** Ready pods by the name of their ReplicaSet. */
  readonly ready: ReadonlyMap<string, number>
}

/** Reads a screen. */
export function screenOf(text: string): Screen {
  const field = (name: string): string => new RegExp(`^ *${name}: +(.*?) *$`, 'm').exec(text)?.[1] ?? ''
  const weight = (name: string): number | undefined => (field(name) === '' ? undefined : Number(field(name)))
  const ready = new Map<string, number>()
  let set = ''
  for (const line of text.split('\n')) {
    set = /(\S+) +ReplicaSet /.exec(line)?.[1] ?? set
    if (/ReplicaSet /.test(line)) ready.set(set, 0)
    const [, up, of] = / Pod .*ready:(\d+)\/(\d+)/.exec(line) ?? []
    if (up !== undefined && up === of) ready.set(set, ready.get(set)! + 1)
  }
  return {
    phase: field('Status').replace(/^\S+ /, ''),
    message: field('Message'),
    step: field('Step') || undefined,
    setWeight: weight('SetWeight'),
    actualWeight: weight('ActualWeight'),
    ready,
  }
}
