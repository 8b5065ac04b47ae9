import type { Finding } from '../../src/domain/findings/finding.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { GroupDocument } from '../../src/view/documents/documents.ts'
import { live, type Ask, type Play } from './play.ts'
import type { Checked, Right } from './right.ts'

/** What the program found in a folder, and all that it printed. */
export interface Found {
  readonly found: Right
  readonly text: string
}

/**
 * Plays a folder, and asks the program as a person does before and in a release.
 * @param never expressions for lines that are false
 */
export async function find(play: Play, never: readonly RegExp[]): Promise<Found> {
  const check: Record<string, Checked> = {}
  const printed: string[] = []
  let last: Pick<Right, 'calls' | 'versions' | 'promoteAll'> | undefined
  await live(play, async (deed, ask) => {
    const isFirst = printed.length === 0
    printed.push(`──── ${deed}`)
    const print = async (...words: string[]): Promise<void> => {
      const { text, exit } = await ask(...words)
      printed.push(`$ ${words.join(' ')}`, text.trimEnd(), ...(exit === 0 ? [] : [`exit ${exit}`]), '')
    }
    if (isFirst) await print('graph')
    await print('get-group')
    await print('check')
    check[deed] = await checked(ask)
    if (isFirst) return
    await print('promote-all', '--dry-run')
    last = await released(ask)
  })
  if (last === undefined) throw new Error(`nothing is released in ${play.folder}: it has no next.yaml`)
  const text = `${printed.join('\n').trimEnd()}\n`
  const wrong = text.split('\n').filter((line) => never.some((each) => each.test(line)))
  return { found: { ...last, check, false: [...new Set(wrong)] }, text }
}

async function checked(ask: Ask): Promise<Checked> {
  const { text, exit } = await ask('check', '-o', 'json')
  const { items } = JSON.parse(text) as { readonly items: readonly Finding[] }
  const codes = (severity: Finding['severity']): string[] =>
    items.filter((each) => each.severity === severity).map((each) => each.code)
  const distinct = (found: readonly string[]): string[] => [...new Set(found)].sort()
  const twice = items.map((each) => each.code).filter((code, index, all) => all.indexOf(code) < index)
  return {
    exit: String(exit),
    errors: distinct(codes('error')),
    warnings: distinct(codes('warning')),
    twice: distinct(twice),
  }
}

async function released(ask: Ask): Promise<Pick<Right, 'calls' | 'versions' | 'promoteAll'>> {
  const { members, dependencies } = JSON.parse((await ask('get-group', '-o', 'json')).text) as GroupDocument
  const { text, exit } = await ask('promote-all', '--dry-run', '-o', 'json')
  const { waves } = JSON.parse(text) as Plan
  const consumers = Map.groupBy(dependencies, (each) => each.consumer)
  return {
    calls: Object.fromEntries(
      [...consumers].map(([consumer, edges]) => [consumer, edges.map((each) => each.dependency).sort()]),
    ),
    versions: Object.fromEntries(
      members.map(({ name, live: now, next }) => [
        name,
        [now, next].flatMap((each) => each?.version.value ?? []).join(' → '),
      ]),
    ),
    promoteAll: exit === 3 ? 'refused' : waves.map((wave) => wave.map((step) => step.member)),
  }
}
