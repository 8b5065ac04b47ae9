import { areOneImage, parseImage } from '../objects/image.ts'
import type { Container } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'

/**
 * Whether two revisions have the same containers, and none of them runs another image. Of the one that speaks for the
 * Rollout this must be certain; the others may keep a tag that is moved.
 */
export function runTheSame(before: ReplicaSet, after: ReplicaSet): boolean {
  const [[main, ...beside], [mainToo, ...besideToo]] = [containersOf(before), containersOf(after)]
  if (main === undefined || mainToo === undefined || beside.length !== besideToo.length) return false
  const isOne = (was: Container, is: Container) => runOne(was, is, idsOf(before, was), idsOf(after, is))
  return (
    isOne(main, mainToo) === true &&
    beside.every((was) => {
      const is = besideToo.find((each) => each.name === was.name)
      return is !== undefined && (isOne(was, is) ?? was.image === is.image)
    })
  )
}

/** Whether two containers name one image for certain: not by a tag that each pod asks the registry for again. */
export function nameOneImage(one: Container, other: Container): boolean {
  const [image, another] = [parseImage(one.image), parseImage(other.image)]
  return areOneImage(image, another) && (image.digest !== undefined || !(one.alwaysPulled || other.alwaysPulled))
}

/**
 * Whether two containers run one image; undefined where nothing tells.
 *
 * | told | so |
 * |---|---|
 * | one digest in both references | yes |
 * | what their pods run, and it differs | no |
 * | what all of their pods run, and it is one | yes |
 * | a tag that stays | yes |
 */
function runOne(was: Container, is: Container, ran: Ids, runs: Ids): boolean | undefined {
  const named = nameOneImage(was, is)
  if (named && parseImage(was.image).digest !== undefined) return true
  const known = new Set([...ran, ...runs].filter((each) => each !== undefined))
  if (known.size > 1) return false
  const all = [ran, runs].every((each) => each.length > 0 && !each.includes(undefined))
  return named || all ? true : undefined
}

/** What each pod runs in one container; undefined where the kubelet has not told it yet. */
type Ids = readonly (string | undefined)[]

export function idsOf({ imageIds }: ReplicaSet, { name }: Container): Ids {
  return imageIds?.get(name) ?? []
}

/** All of them, the one that speaks for the Rollout first. */
function containersOf({ template }: ReplicaSet): readonly Container[] {
  return [...template.containers, ...template.initContainers]
}
