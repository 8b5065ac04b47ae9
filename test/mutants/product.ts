import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, run, type RunOptions } from '../controlplane/run.ts'

/** A change of one text of one file. */
export interface Change {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

/** The product and its tests in a folder of their own, in which one fault after the other is made. */
export interface Product {
  /** Makes a change, lets something be done, and takes it back. @throws Error where its place is not found */
  changed<T>(change: Change, then: () => Promise<T>): Promise<T>
  /** Runs a tool of node_modules in it. */
  runs(tool: string, args: readonly string[], options?: RunOptions): Promise<Finished>
  [Symbol.asyncDispose](): Promise<void>
}

const ROOT = join(import.meta.dirname, '../..')

/** Copies the product. */
export async function copied(): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'mutant-'))
  for (const each of ['src', 'test', 'build', 'docs', 'package.json', 'tsconfig.json'])
    await cp(join(ROOT, each), join(folder, each), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  // Its own sources alone: a fault is made in these.
  await writeFile(join(folder, 'src/tsconfig.json'), '{ "extends": "../tsconfig.json", "include": ["."] }')
  return {
    async changed({ file, from, to }, then) {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      assert.equal(text.split(from).length, 2, `${file} does not have ${JSON.stringify(from)} exactly once`)
      await writeFile(
        path,
        text.replace(from, () => to),
      )
      try {
        return await then()
      } finally {
        await writeFile(path, text)
      }
    },
    runs: (tool, args, options) =>
      run(
        process.execPath,
        [join(folder, 'node_modules', tool), ...args.map((each) => each.replace(/^@\//, `${folder}/`))],
        options,
      ),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
