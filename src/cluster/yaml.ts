import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml'

const OPTIONS = { json: true, schema: CORE_SCHEMA.withTags(mergeTag) }

/**
 * The first document of a YAML file, as kubectl reads it: the last of equal keys counts, `<<` merges, and a flow
 * collection or a quoted text may go on less indented than YAML 1.2 wants it (gopkg.in/yaml.v2 does not look).
 * @throws YAMLException
 */
export function readYaml(source: string): unknown {
  const lines = source.split('\n')
  const mended = new Set<number>()
  for (;;) {
    try {
      return loadAll(lines.join('\n'), OPTIONS)[0]
    } catch (error) {
      if (!(error instanceof YAMLException) || error.mark === undefined) throw error
      const { line } = error.mark
      if (mended.has(line)) throw moved(error, error.mark)
      if (error.reason !== SHALLOW) throw error
      // In either, how far a line is indented means nothing.
      lines[line] = `${DEEP}${lines[line]}`
      mended.add(line)
    }
  }
}

const SHALLOW = 'deficient indentation'
const DEEP = ' '.repeat(100)

/** The failure where it is in the line as it was. */
function moved({ reason }: YAMLException, mark: NonNullable<YAMLException['mark']>): YAMLException {
  return new YAMLException(reason, { ...mark, column: Math.max(0, mark.column - DEEP.length) })
}
