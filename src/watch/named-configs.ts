import type { Cluster } from '../cluster/port.ts'
import type { Config } from '../domain/objects/config-map.ts'
import { readConfig } from './discover.ts'

/** A ConfigMap that a namespace names. */
export interface NamedConfig {
  readonly within: string
  readonly name: string
}

/**
 * The ConfigMaps that groups are read with. Nothing watches them, since that would take another permission: those that
 * may have been edited are read again, and show what they held until then.
 */
export class NamedConfigs {
  readonly #cluster: Cluster
  readonly #signal: AbortSignal
  readonly #read = new Map<string, Config>()
  readonly #due = new Set<string>()

  constructor(cluster: Cluster, signal: AbortSignal) {
    this.#cluster = cluster
    this.#signal = signal
  }

  /** What one holds; undefined before it is read. */
  of(within: string, name: string): Config | undefined {
    return this.#read.get(keyOf({ within, name }))
  }

  /** Those of a namespace, or of all, may have been edited. */
  again(within?: string): void {
    for (const key of this.#read.keys()) if (within === undefined || key.startsWith(`${within}/`)) this.#due.add(key)
  }

  /** Those that were missing may have come since. */
  missingAgain(): void {
    for (const [key, config] of this.#read) if (config === 'missing') this.#due.add(key)
  }

  isDue(named: NamedConfig): boolean {
    return !this.#read.has(keyOf(named)) || this.#due.has(keyOf(named))
  }

  /** Reads these, and answers whether one of them is another than before. @throws ClusterError */
  async read(wanted: readonly NamedConfig[]): Promise<boolean> {
    for (const each of wanted) this.#due.delete(keyOf(each))
    const read = await Promise.all(
      wanted.map(
        async (each) =>
          [keyOf(each), await readConfig(this.#cluster, each.within, each.name, this.#signal, true)] as const,
      ),
    )
    const others = read.filter(([key, config]) => !isSame(config, this.#read.get(key)))
    for (const [key, config] of others) this.#read.set(key, config)
    return others.length > 0
  }
}

function keyOf({ within, name }: NamedConfig): string {
  return `${within}/${name}`
}

function isSame(one: Config, other: Config | undefined): boolean {
  if (typeof one === 'string' || typeof other !== 'object') return one === other
  return (
    one.edited === other.edited &&
    one.data.size === other.data.size &&
    [...one.data].every(([key, value]) => other.data.get(key) === value)
  )
}
