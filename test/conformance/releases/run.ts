import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Finished } from '../../controlplane/run.ts'
import { environmentOf, pluginPath } from '../support.ts'
import { GROUP } from './manifests.ts'
import { PATIENCE, type Scene, type WritingVerb } from './scene.ts'

/** What a run tells, a line at a time (`-o ndjson`). */
export type Told = Readonly<Record<string, any>>

/** Our plugin while it writes: what it tells can be waited for, and it can be killed. */
export class Run {
  readonly #child: ChildProcess
  readonly #told: Told[] = []
  readonly #changes = new EventEmitter<{ told: [] }>()
  /** Resolves when it has ended; `code` is null where it was killed. */
  readonly ended: Promise<Finished>

  constructor(scene: Scene, verb: WritingVerb, ...args: readonly string[]) {
    const all = [verb, GROUP, '-n', scene.namespace, '--yes', '--timeout=5m', '-o', 'ndjson', ...args]
    const child = spawn(pluginPath, all, {
      env: { ...process.env, ...environmentOf(scene.plane, scene.kubeconfig) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#told.push(JSON.parse(line))
      this.#changes.emit('told')
    })
    this.ended = Promise.all([text(child.stderr), once(child, 'close')]).then(([stderr, [code]]) => {
      this.#changes.emit('told')
      return { code, stderr, stdout: this.#told.map((each) => JSON.stringify(each)).join('\n') }
    })
  }

  get told(): readonly Told[] {
    return this.#told
  }

  /**
   * Resolves with the first event that is so, or with undefined when the run has ended without it. @throws AbortError
   * after three minutes
   */
  async tells(found: (event: Told, index: number) => unknown): Promise<Told | undefined> {
    const signal = AbortSignal.timeout(PATIENCE)
    const over = this.ended.then(() => undefined)
    for (;;) {
      const event = this.#told.find(found)
      if (event !== undefined) return event
      const next = once(this.#changes, 'told', { signal })
      if ((await Promise.race([next, over])) === undefined) return this.#told.find(found)
    }
  }

  /** Ends it at once (SIGKILL). */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
