import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** Builds what is not built yet and gives the directory of the programs; minutes the first time. @throws Error */
export async function buildControlPlane(): Promise<string> {
  const child = spawn(fileURLToPath(new URL('build', import.meta.url)), { stdio: ['ignore', 'pipe', 'inherit'] })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error('the control plane could not be built; the reason is above')
  return stdout.trimEnd().split('\n').at(-1) ?? ''
}
