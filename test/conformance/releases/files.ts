import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apply } from '../support.ts'
import { type Manifest, manifestsOf, type Wiring } from './manifests.ts'
import type { Scene } from './scene.ts'

/** Everything that a person applies to bring a group to a version. */
export function manifestsIn({ world, namespace }: Scene, version: string, wiring: Wiring = 'live'): Manifest[] {
  return world.flatMap((member) => manifestsOf(world, member, version, wiring, namespace))
}

/** Manifests, as a file holds them: what is empty is not written. */
export function asText(manifests: readonly Manifest[]): string {
  const unless = (key: string, value: object) =>
    key === 'annotations' && Object.keys(value).length === 0 ? undefined : value
  return manifests.map((each) => JSON.stringify(each, unless)).join('\n---\n')
}

/** The same, in a file. @returns its path */
export async function fileOf(scene: Scene, version: string, wiring: Wiring = 'live'): Promise<string> {
  const path = join(scene.plane.dir, `${scene.namespace}-${version}-${wiring}.yaml`)
  await writeFile(path, asText(manifestsIn(scene, version, wiring)))
  return path
}

/** Applies the first version by kubectl, as a person does, and waits until users can be on it. */
export async function appliedByKubectl(scene: Scene): Promise<void> {
  await apply(scene.plane, scene.namespace, asText(manifestsIn(scene, '1.0')))
  await scene.atRest()
}

/** By the user's kubectl. */
export async function kubectl({ plane, namespace }: Scene, args: readonly string[], input?: string): Promise<void> {
  const { code, stderr } = await plane.kubectl(['-n', namespace, ...args], input === undefined ? {} : { input })
  assert.equal(code, 0, stderr)
}
