import type { Tags } from 'yaml'

/**
 * YAML as kubectl reads it, by gopkg.in/yaml.v2: `yes` is true and `0644` a number in base 8, as in YAML 1.1, but
 * dates and times of day are texts.
 */
export const DIALECT = {
  version: '1.1',
  customTags: (tags: Tags): Tags => tags.filter((each) => typeof each === 'string' || !isUnknown(each)),
} as const

const UNKNOWN = new Set(['timestamp', 'omap', 'pairs', 'set'].map((each) => `tag:yaml.org,2002:${each}`))

function isUnknown(tag: { readonly tag: string; readonly format?: string }): boolean {
  return UNKNOWN.has(tag.tag) || tag.format === 'TIME'
}
