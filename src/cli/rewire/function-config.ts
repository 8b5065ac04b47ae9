import { at, fields } from '../../domain/objects/fields.ts'
import { ManifestError } from '../../manifests/manifest-error.ts'
import type { ReadManifests } from '../../manifests/read.ts'
import type { Arguments, OptionTable } from '../command.ts'
import { CONNECTION, FILTERING, PINNING } from '../line/options.ts'
import { didYouMean } from '../line/suggest.ts'

/** What a pipeline of KRM functions may say in place of the command line. */
const TOLD: OptionTable = {
  group: { type: 'string' },
  namespace: CONNECTION.namespace,
  ...FILTERING,
  ...PINNING,
}

/**
 * What the functionConfig of a ResourceList says, by the names of the options: in the data of a ConfigMap, else in its
 * spec.
 * @throws ManifestError for what is no option
 */
export function functionArguments({ texts }: ReadManifests): Arguments {
  return Object.fromEntries(
    texts.flatMap(({ functionConfig: config, held }) => {
      const part = at(config, 'kind') === 'ConfigMap' ? 'data' : 'spec'
      return Object.entries(fields(at(config, part))).map(([name, value]): [string, unknown] => {
        const option = TOLD[name]
        const where = `functionConfig.${part}.${name} of ${held[0]?.manifest.where.replace(/:\d+$/, '') ?? 'the list'}`
        if (option === undefined)
          throw new ManifestError(`${where} is no option here${didYouMean(name, Object.keys(TOLD))}`)
        if (typeof value === 'object') throw new ManifestError(`${where} is no text`)
        return [name, option.type === 'boolean' ? String(value) === 'true' : String(value)]
      })
    }),
  )
}
