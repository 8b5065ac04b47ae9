import { readFileSync } from 'node:fs'
import { parseManifests } from '../../src/manifests/parse.ts'
import { live, type Play, type Said } from './play.ts'

/** What pin makes of a folder's next release, asked while users are on the one before, and what becomes of that. */
export interface Pinned {
  readonly said: Said
  /** Pinned once more, with the release that the pods have now. */
  readonly again: Said
  readonly back: Said
  /** What a deploy of that is found to do, by its plan. */
  readonly deployed: Said
  /** The manifests that were given. */
  readonly given: string
}

/** Every object of a folder's files as the last of them has it. */
export function releaseOf({ folder, deeds }: Play): string {
  const files = deeds.map((each) => each.split(' ')[0]!).filter((each) => each.endsWith('.yaml'))
  const texts = files.flatMap((file) => {
    const path = `test/manifests/${folder}/${file}`
    return parseManifests(readFileSync(path, 'utf8'), file)
  })
  const last = new Map(
    texts.map((each) => {
      const [{ manifest }] = each.held as [(typeof each.held)[number]]
      return [`${manifest.kind} ${manifest.name}`, each.source.replace(/^---\n/, '')]
    }),
  )
  return [...last.values()].map((each) => (each.endsWith('\n') ? each : `${each}\n`)).join('---\n')
}

/** Pins a folder's release when its first file has come to rest. */
export async function pinned(play: Play): Promise<Pinned> {
  const given = releaseOf(play)
  let found: Pinned | undefined
  await live(play, async (deed, _, pipe) => {
    if (deed !== play.deeds[0]) return
    const whom = [play.group, '-n', play.folder, '-f', '-', ...play.options]
    const pin = (stdin: string, verb: string, ...words: string[]) => pipe(stdin, verb, ...whom, ...words)
    const said = await pin(given, 'pin')
    const release = /rollouts-group\/release\]: .* → "(.*)"/.exec(said.text)?.[1] ?? '1.0'
    const again = await pin(said.stdout, 'pin', '--release', release)
    const back = await pin(said.stdout, 'unpin', '--local')
    const deployed = await pipe(said.stdout, 'deploy-all', ...whom, '--dry-run', '-o', 'json')
    found = { said, again, back, deployed, given }
  })
  return found!
}
