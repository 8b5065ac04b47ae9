import { at, fields, list, text } from '../objects/fields.ts'

/** What of a pod template has to be text (core/v1), and is none, in words; an API server refuses it. */
export function noTexts(template: unknown): string[] {
  const metadata = ['labels', 'annotations'].flatMap((kind) =>
    Object.entries(fields(at(template, 'metadata', kind))).flatMap(([key, value]) =>
      said(`${kind.slice(0, -1)} ${key}`, value),
    ),
  )
  const containers = ['initContainers', 'containers'].flatMap((kind) => list(at(template, 'spec', kind)))
  return [...metadata, ...containers.flatMap(inContainer)]
}

function inContainer(container: unknown): string[] {
  const of = `of container ${text(at(container, 'name')) ?? ''}`
  return [
    ...list(at(container, 'env')).flatMap((each) =>
      said(`variable ${text(at(each, 'name')) ?? ''} ${of}`, at(each, 'value')),
    ),
    ...['command', 'args'].flatMap((kind) =>
      list(at(container, kind)).flatMap((each, index) => said(`${kind}[${index}] ${of}`, each ?? false)),
    ),
  ]
}

function said(what: string, value: unknown): string[] {
  if (value === undefined || value === null || typeof value === 'string') return []
  const is = typeof value === 'object' ? 'a map or list' : `${JSON.stringify(value)} without quotes`
  return [`${what} is ${is}, and has to be text`]
}
