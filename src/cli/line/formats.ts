/** The formats that fill a template with a document, as kubectl writes them. */
export const TEMPLATES = [
  'jsonpath=TEMPLATE',
  'jsonpath-as-json=TEMPLATE',
  'jsonpath-file=FILE',
  'custom-columns=SPEC',
  'custom-columns-file=FILE',
] as const

/** The formats of `get-group`. */
export const GROUP_FORMATS = ['wide', 'json', 'yaml', 'name', 'ndjson', 'svg', 'html', ...TEMPLATES] as const

/** The formats of every verb that writes. */
export const RUN_FORMATS = ['json', 'yaml', 'ndjson', 'markdown', ...TEMPLATES] as const
