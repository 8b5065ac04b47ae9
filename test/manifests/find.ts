import type { Finding } from '../../src/domain/findings/finding.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FindingDocument, GroupDocument } from '../../src/view/documents/documents.ts'
import { faultOf } from '../support/command-grammar.ts'
import { live, type Ask, type Play } from './play.ts'
import type { Checked, Right, Words } from './right.ts'

/** What the program found in a folder, and all that it printed. */
export interface Found {
  readonly found: Right
  readonly text: string
}

/** Plays a folder, and asks the program as a person does before and in a release. */
export async function find(play: Play, { never, must }: Words): Promise<Found> {
  const check: Record<string, Checked> = {}
  const printed: string[] = []
  let last: Pick<Right, 'calls' | 'versions' | 'promoteAll'> | undefined
  const stuck: string[] = []
  await live(play, async (deed, run) => {
    const ask: Ask = (verb = '', ...words) => run(verb, play.group, '-n', play.folder, ...words, ...play.options)
    const isFirst = deed === play.deeds[0]
    printed.push(`──── ${deed}`)
    const print = async (...words: string[]): Promise<void> => {
      const { text: all, stdout, exit } = await ask(...words)
      // How a run goes on is the business of other tests; here it is what comes of it.
      const text = words.includes('--yes') ? stdout : all
      printed.push(`$ ${words.join(' ')}`, text.trimEnd(), ...(exit === 0 ? [] : [`exit ${exit}`]), '')
      if (words.includes('--yes') && exit !== 0) stuck.push(`${words.join(' ')}: exit ${exit}`)
      for (const command of commandsIn(text)) if (await leadsNowhere(command, run)) stuck.push(command)
    }
    if (isFirst) await print('graph')
    await print('get-group')
    await print('check')
    check[deed] = await checked(ask, run, stuck)
    if (isFirst) return
    await print('promote-all', '--dry-run')
    last = await released(ask)
    if (!play.deeds.at(-1)!.startsWith(deed) || last.promoteAll.length === 0 || last.promoteAll === 'refused') return
    await print('promote-all', '--yes', '--to-end')
    await print('get-group')
  })
  if (last === undefined) throw new Error(`nothing is released in ${play.folder}: it has no next.yaml`)
  const text = `${printed.join('\n').trimEnd()}\n`
  const lines = linesWithDeeds(text)
  const wrong = lines.filter((line) => never.some((each) => each.test(line)))
  const missing = must.filter((each) => !lines.some((line) => each.test(line))).map((each) => each.source)
  return { found: { ...last, check, false: [...new Set([...wrong, ...stuck])], missing }, text }
}

/** Every line, with what was done before it was printed: `next.yaml: LIVE  users ─▶ …`. */
function linesWithDeeds(text: string): string[] {
  return text.split(/^──── /m).flatMap((part) => {
    const [deed = '', ...lines] = part.split('\n')
    return lines.map((line) => `${deed}: ${line}`)
  })
}

/** The commands that a text says come next, as they are typed after `kubectl rollouts-group`. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^Next: +kubectl rollouts-group (.+)$/gm)].map((each) => each[1]!)
}

/** Whether a command, typed as it is printed, is none, or is refused. What only looks may find something. */
async function leadsNowhere(command: string, run: Ask): Promise<boolean> {
  const words = command.split(' ').filter((each) => each !== '-w')
  const looks = /^(get-group|check|graph)$/.test(words[0]!)
  const { exit } = await run(...words, ...(looks ? [] : ['--dry-run']))
  return exit !== 0 && !(looks && exit === 3)
}

/** What check finds; every command that a remedy speaks of must run as it is printed. */
async function checked(ask: Ask, run: Ask, stuck: string[]): Promise<Checked> {
  const { text, exit } = await ask('check', '-o', 'json')
  const { items } = JSON.parse(text) as { readonly items: readonly FindingDocument[] }
  for (const command of items.flatMap((each) => each.commands ?? [])) {
    const [, ours] = /^kubectl rollouts-group (.+)$/.exec(command) ?? []
    if (ours === undefined ? faultOf(command) !== undefined : await leadsNowhere(ours, run)) stuck.push(command)
  }
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
