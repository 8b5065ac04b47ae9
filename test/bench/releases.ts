import { apply, freshNamespace, waitForPhase } from '../conformance/support.ts'
import type { ControlPlane } from '../controlplane/start.ts'
import { chain } from './chain.ts'
import { type Line, measure } from './measure.ts'

/** A group in a namespace of its own, with a release at its gates. */
export async function released(plane: ControlPlane, members: number, slow = false): Promise<string> {
  const namespace = await freshNamespace(plane, `chain-${members}`)
  const names = namesOf(members)
  await apply(plane, namespace, chain(members, '1.0', 'active', slow))
  await Promise.all(names.map((name) => waitForPhase(plane, namespace, name, 'Healthy')))
  await apply(plane, namespace, chain(members, '2.0', 'preview', slow))
  await Promise.all(names.map((name) => waitForPhase(plane, namespace, name, 'Paused')))
  return namespace
}

/**
 * How many times as long each program takes to promote a group as a loop of the official plugin's promote and status,
 * in each of so many rounds, each with namespaces of their own.
 */
export async function promotions(
  plane: ControlPlane,
  programs: readonly (readonly string[])[],
  { members, slow, rounds, env }: PromotionOptions,
): Promise<number[][]> {
  const found: number[][] = programs.map(() => [])
  const loop =
    `for each in ${namesOf(members).join(' ')}; do "$0" promote $each -n "$1" && ` +
    '"$0" status $each -n "$1" --timeout 300s || exit 1; done'
  // A preview with fewer pods than users have is refused unless it is asked for.
  const more = slow ? ['--allow-small-preview'] : []
  for (let round = 0; round < rounds; round += 1) {
    const [by, ...own] = await inTurn([undefined, ...programs], async () => released(plane, members, slow))
    const lines: Record<string, Line> = {
      loop: { words: ['/bin/sh', '-c', loop, `${plane.binDir}/kubectl-argo-rollouts`, by!], env },
    }
    for (const [index, program] of programs.entries())
      lines[named(index)] = {
        words: [...program, 'promote-all', 'chain', '-n', own[index]!, '--yes', '--drain=endpoints', ...more],
        env,
      }
    // Controllers are slower to answer who comes after others: each is first once, as rounds go.
    const names = Object.keys(lines)
    const turned = names.map((_, index) => names[(index + round) % names.length]!)
    const used = await measure(Object.fromEntries(turned.map((name) => [name, lines[name]!])), 1, false)
    for (const index of programs.keys()) found[index]!.push(used[named(index)]!.wall[0]! / used['loop']!.wall[0]!)
  }
  return found
}

function named(index: number): string {
  return `program ${index}`
}

interface PromotionOptions {
  readonly members: number
  readonly slow: boolean
  readonly rounds: number
  readonly env: Readonly<Record<string, string>>
}

function namesOf(members: number): string[] {
  return Array.from({ length: members }, (_, index) => `member-${index}`)
}

/** One after the other: the machine is small. */
async function inTurn<T, U>(items: readonly T[], make: (item: T) => Promise<U>): Promise<U[]> {
  const made: U[] = []
  for (const each of items) made.push(await make(each))
  return made
}
