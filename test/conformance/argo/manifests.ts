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

/**
 * Every manifest with a Rollout under the module's `examples` and `test/e2e`, and those inside its Go tests, with the
 * Services and analyses that it names and that stand elsewhere there.
 */
export function argoManifests(): readonly Source[] {
  const module = argoModule()
  const all = globSync(
    ['examples/**/*.yaml', 'test/e2e/**/*.yaml', 'test/e2e/*_test.go'].map((each) => join(module, each)),
  )
    .sort()
    .flatMap((file) => textsOf(file).map((text, index) => ({ where: `${relative(module, file)}#${index}`, text })))
    .map(({ where, text }) => ({ where, objects: objectsOf(text) }))
  const analyses = all.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'AnalysisTemplate'))
  return all.flatMap(({ where, objects }) => {
    const rollout = objects.find(({ kind }) => kind === 'Rollout')
    return rollout === undefined ? [] : [{ where, objects: [...objects, ...named(rollout, objects, analyses)] }]
  })
}

/** What a Rollout names and its manifest does not hold. */
function named(rollout: KubeObject, held: readonly KubeObject[], analyses: readonly KubeObject[]): KubeObject[] {
  const strategy = JSON.stringify(rollout['spec'].strategy)
  const names = (key: string): string[] =>
    [...strategy.matchAll(new RegExp(`${key}":"([^"]+)"`, 'g'))].map(([, name]) => name!)
  const holds = (kind: string, name: string): boolean =>
    held.some((each) => each.kind === kind && each.metadata.name === name)
  const missing = (kind: string, key: string): string[] => [...new Set(names(key))].filter((name) => !holds(kind, name))
  const selector = rollout['spec'].selector?.matchLabels
  return [
    ...missing('Service', 'Service').map((name) => ({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
      spec: { selector, ports: [{ port: 80 }] },
    })),
    ...missing('AnalysisTemplate', 'templateName').flatMap(
      (name) => analyses.find(({ metadata }) => metadata.name === name) ?? [],
    ),
  ]
}

/** The file itself, or the texts between back quotes of a Go file. */
function textsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.go') ? [...text.matchAll(/`([^`]*)`/g)].map(([, inside = '']) => inside) : [text]
}

/** What is no YAML (a Helm template) or no object is left out. */
function objectsOf(text: string): readonly KubeObject[] {
  return parseAllDocuments(text, { logLevel: 'error' })
    .filter(({ errors }) => errors.length === 0)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((each) => each !== null && each.kind !== undefined && each.metadata?.name !== undefined) as KubeObject[]
}
