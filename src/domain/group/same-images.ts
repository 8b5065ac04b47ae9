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
  const isOne = (was: Container, is: Container): boolean | undefined => {
    if (areOneImage(parseImage(was.image), parseImage(is.image))) return true
    const [ran, runs] = [before.imageIds?.get(was.name), after.imageIds?.get(is.name)]
    return ran === undefined || runs === undefined ? undefined : ran === runs
  }
  return (
    isOne(main, mainToo) === true &&
    beside.every((was) => {
      const is = besideToo.find((each) => each.name === was.name)
      return is !== undefined && (isOne(was, is) ?? was.image === is.image)
    })
  )
}

/** All of them, the one that speaks for the Rollout first. */
function containersOf({ template }: ReplicaSet): readonly Container[] {
  return [...template.containers, ...template.initContainers]
}
