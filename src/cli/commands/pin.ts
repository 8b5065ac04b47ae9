import { WIRINGS } from '../../domain/manifests/wiring.ts'
import { keptFor } from '../../domain/rewire/kept.ts'
import { rewire } from '../../domain/rewire/rewire.ts'
import type { Command } from '../command.ts'
import { UsageError } from '../command.ts'
import { choice, flag, text } from '../line/arguments.ts'
import { FILTERING, MANIFESTS, PINNING } from '../line/options.ts'
import { filter } from '../rewire/filter.ts'

/** `pin GROUP`: manifests with the addresses that a release needs, and the Services that these lead to. */
export const pin: Command = {
  options: { ...FILTERING, ...MANIFESTS, ...PINNING },
  examples: [
    ['pin loan -k overlays/prod | kubectl apply -f -', 'every release on Services of its own'],
    ['pin loan --local --release 2.0 -f app.yaml', 'without a cluster, for a commit'],
    ['pin loan -f - < list.yaml', 'a ResourceList comes back as one: a KRM function'],
  ],
  notes:
    'Every consumer of a member that changes gets the address of a Service that selects this release alone, and the ' +
    'label rollouts-group/release in its pod template. Each change is told on standard error. What cannot be changed ' +
    'is refused with its place, and nothing is printed (exit code 3). Nothing is written to the cluster.\n' +
    'A ResourceList may say the options, the group among them, in its functionConfig: in the data of a ConfigMap, ' +
    'else in its spec. The command line has the last word.',
  run: (given, context) =>
    filter(given, context, (manifests, around, args) => {
      const keep = text(args, 'keep') ?? '0'
      if (!/^\d+$/.test(keep)) throw new UsageError(`--keep ${JSON.stringify(keep)} is no number`)
      const how = {
        wiring: choice(args, 'wiring', WIRINGS) ?? 'pinned',
        release: text(args, 'release'),
        trustHost: flag(args, 'trust-host'),
      }
      const rewired = rewire(manifests, around, how)
      const names = new Set(rewired.objects.map(nameOf))
      const kept = keptFor(around, Number(keep)).filter((each) => !names.has(nameOf(each)))
      return { ...rewired, added: [...rewired.added, ...kept] }
    }),
}

function nameOf(object: unknown): string {
  const { kind, metadata } = object as { kind?: string; metadata?: { name?: string } }
  return `${kind} ${metadata?.name}`
}
