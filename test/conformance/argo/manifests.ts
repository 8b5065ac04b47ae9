import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../controlplane/api.ts'
import { argoModule } from '../../controlplane/argo-module.ts'

/** A manifest of Argo Rollouts' own: where it stands in the module, and what it holds. */
export interface Source {
  readonly where: string
  readonly objects: readonly KubeObject[]
}

/** Every manifest with a Rollout under the module's `examples` and `test/e2e`, and those inside its Go tests. */
export function argoManifests(): readonly Source[] {
  const module = argoModule()
  return globSync(['examples/**/*.yaml', 'test/e2e/**/*.yaml', 'test/e2e/*_test.go'].map((each) => join(module, each)))
    .sort()
    .flatMap((file) => textsOf(file).map((text, index) => ({ where: `${relative(module, file)}#${index}`, text })))
    .map(({ where, text }) => ({ where, objects: objectsOf(text) }))
    .filter(({ objects }) => objects.some(({ kind }) => kind === 'Rollout'))
}

/** The file itself, or the texts between back quotes of a Go file. */
function textsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.go') ? [...text.matchAll(/`([^`]*)`/g)].map(([, inside = '']) => inside) : [text]
}

/** What is no YAML (a Helm template) or no object is left out. */
function objectsOf(text: string): readonly KubeObject[] {
  return parseAllDocuments(text)
    .filter(({ errors }) => errors.length === 0)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((each) => each !== null && each.kind !== undefined && each.metadata?.name !== undefined) as KubeObject[]
}
