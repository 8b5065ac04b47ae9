import assert from 'node:assert/strict'
import type { Moment } from './moment.ts'

/** Consecutive moments of a namespace: one for every change, in the order in which the API server made them. */
export type Story = readonly Moment[]

type Seen = (moment: Moment) => unknown

/** Asserts that each thing is seen, and later for the first time than the one before it. */
export function inOrder(story: Story, ...things: readonly (readonly [what: string, seen: Seen])[]): void {
  const firsts = things.map(([what, seen]) => ({ what, at: story.findIndex(seen) }))
  const told = firsts.map(({ what, at }) => `${at === -1 ? 'never' : at}: ${what}`).join('\n')
  assert.ok(
    firsts.every(({ at }, index) => at > (firsts[index - 1]?.at ?? -1)),
    `not in this order:\n${told}\n${outline(story)}`,
  )
}

/** Asserts that something is seen at no moment. */
export function never(story: Story, what: string, seen: Seen): void {
  const at = story.findIndex(seen)
  assert.equal(at, -1, `${what}:\n${story[at]}\n${outline(story)}`)
}

/** Asserts that something is seen at some moment. */
export function once(story: Story, what: string, seen: Seen): void {
  assert.ok(story.some(seen), `never seen: ${what}\n${outline(story)}`)
}

/** The moments from the first at which something is seen. */
export function from(story: Story, seen: Seen): Story {
  const at = story.findIndex(seen)
  assert.notEqual(at, -1, `the beginning is never seen\n${outline(story)}`)
  return story.slice(at)
}

/** The moments before the first at which something is seen. */
export function until(story: Story, seen: Seen): Story {
  return story.slice(0, story.length - from(story, seen).length)
}

/** What happened to Rollouts and Services, a line each. */
function outline(story: Story): string {
  return story.map((moment, index) => `${index} ${line(moment)}`).join('\n')
}

function line({ change, status }: Moment): string {
  if (change === undefined) return 'the beginning'
  const {
    resource,
    object: { metadata, spec, status: own },
    type,
  } = change
  const head = `${type} ${resource}/${metadata.name}`
  switch (resource) {
    case 'rollouts':
      return `${head} ${status.phase} ${JSON.stringify(status.message ?? '')} step ${status.currentStepIndex} generation ${metadata.generation}/${status.observedGeneration} current ${status.currentPodHash} stable ${status.stableRS}`
    case 'services':
      return `${head} ${JSON.stringify(spec.selector)}`
    case 'replicasets':
      return `${head} ${spec.replicas}, available ${own?.availableReplicas ?? 0}`
    case 'analysisruns':
      return `${head} ${own?.phase}`
    default:
      return head
  }
}
