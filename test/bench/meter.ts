/**
 * Run by Bun, which tells what a child has used when it is over, and Node does not: takes commands from standard input,
 * runs them in turn, round after round, and prints what each used.
 */
import type { Line, Used } from './measure.ts'

declare const Bun: {
  spawn(options: {
    readonly cmd: readonly string[]
    readonly env: Readonly<Record<string, string | undefined>>
    readonly stdin: 'ignore'
    readonly stdout: 'pipe'
    readonly stderr: 'pipe'
  }): {
    readonly stdout: ReadableStream
    readonly stderr: ReadableStream
    readonly exited: Promise<number>
    resourceUsage(): { readonly maxRSS: number; readonly cpuTime: { readonly total: bigint } }
  }
  readonly stdin: { json(): Promise<unknown> }
}

const { lines, rounds, warmsUp } = (await Bun.stdin.json()) as {
  readonly lines: readonly Line[]
  readonly rounds: number
  readonly warmsUp: boolean
}
const used = lines.map(() => ({ wall: [] as number[], cpu: [] as number[], memory: [] as number[] }))
for (let round = warmsUp ? 0 : 1; round <= rounds; round += 1)
  for (const [index, line] of lines.entries()) {
    const { wall, cpu, memory } = await once(line)
    if (round === 0) continue
    used[index]!.wall.push(wall)
    used[index]!.cpu.push(cpu)
    used[index]!.memory.push(memory)
  }
console.log(JSON.stringify(used satisfies Used[]))

async function once({ words, env, exit = 0 }: Line) {
  const start = performance.now()
  const child = Bun.spawn({
    cmd: words,
    env: { ...process.env, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [said, code] = await Promise.all([
    new Response(child.stderr).text(),
    child.exited,
    new Response(child.stdout).text(),
  ])
  const wall = performance.now() - start
  if (code !== exit) throw new Error(`${words.join(' ')}: ended with ${code}: ${said}`)
  const { maxRSS, cpuTime } = child.resourceUsage()
  return { wall, cpu: Number(cpuTime.total) / 1000, memory: maxRSS / 1e6 }
}
