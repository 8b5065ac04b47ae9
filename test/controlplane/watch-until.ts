import type { Api, KubeObject } from './api.ts'

/**
 * Lists a collection and follows it until the predicate is truthy of its objects; gives back what the predicate gave.
 * @throws Error with the last objects' status, after `timeout` milliseconds
 */
export async function watchUntil<Result>(
  api: Api,
  path: string,
  predicate: (objects: readonly KubeObject[]) => Result,
  timeout = 60_000,
): Promise<Exclude<Result, false | undefined | null | 0 | ''>> {
  type Answer = Exclude<Result, false | undefined | null | 0 | ''>
  const deadline = AbortSignal.timeout(timeout)
  const key = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`
  const objects = new Map<string, KubeObject>()
  const answer = (): Result => predicate([...objects.values()])
  const done = new AbortController()
  try {
    const list = await api.get(path)
    for (const object of list.items as KubeObject[]) objects.set(key(object), object)
    const first = answer()
    if (first) return first as Answer
    for await (const { type, object } of api.watch(
      path,
      list.metadata.resourceVersion,
      AbortSignal.any([deadline, done.signal]),
    )) {
      if (type === 'ERROR') throw new Error(`watch ${path}: ${JSON.stringify(object)}`)
      if (type === 'BOOKMARK') continue
      if (type === 'DELETED') objects.delete(key(object))
      else objects.set(key(object), object)
      const next = answer()
      if (next) return next as Answer
    }
    throw new Error(`watch ${path}: the server ended it`)
  } catch (error) {
    if (!deadline.aborted) throw error
    const seen = [...objects.values()].map((object) => `${key(object)} ${JSON.stringify(object['status'])}`).join('\n')
    throw new Error(`not seen within ${timeout} ms of ${path}; at last:\n${seen}`, { cause: error })
  } finally {
    done.abort()
  }
}
