/**
 * Comments that can be nothing else, beside those that begin with `#`, or a line with `//` or `;`:
 *
 * | comment | where |
 * |---|---|
 * | XML's | anywhere |
 * | of slashes and stars | at the beginning of a line, over several too; in a line between blanks |
 * | of two slashes, between blanks | behind `;`, `,`, `{` or a quote, where no operator of Perl or jq stands |
 */
const COMMENTS: readonly RegExp[] = [
  /<!--[^]*?-->/,
  /^[ \t]*\/\*(?!\/)[^]*?(?<!\/)\*\/(?![\w*/])/,
  /(?<=[ \t])\/\*[ \t*](?:.*?[ \t*])?\*\/(?![\w*/])/,
  /(?<=[;,{"'][ \t]+)\/\/[ \t]+(?!["'\s]).*/,
]

/** What only looks like one: in quotes, in a comment that begins with `#`, or without an end. */
const TEXT: readonly RegExp[] = [
  /\\.|"(?:[^"\\\n]|\\.)*"|(?<!\w)'[^'\n]*'/,
  /(?:^|[ \t])#.*|^[ \t]*(?:;|\/\/).*/,
  /<!--[^]*|^[ \t]*\/\*[^]*|(?<=[ \t])\/\*[ \t*].*|--\[\[[^]*/,
]

/** Those of a syntax that a file has without doubt; elsewhere `--` parts arguments, and `!` negates. */
const OF_A_SYNTAX: readonly { readonly has: (content: string) => boolean; readonly comments: readonly RegExp[] }[] = [
  { has: isLua, comments: [/--\[\[[^]*?\]\]/, /(?<=^|[ \t])--(?!\[\[).*/] },
  { has: isProperties, comments: [/^[ \t]*!.*/] },
]

/** A text of the same length, with blanks where its comments are. */
export function withoutComments(content: string): string {
  if (!/<!--|\/\*|\/\/[ \t]|--|^[ \t]*!/m.test(content)) return content
  const own = OF_A_SYNTAX.flatMap(({ has, comments }) => (has(content) ? comments : []))
  const [comments, text] = [[...COMMENTS, ...own], TEXT].map((all) => all.map((each) => each.source).join('|'))
  return content.replaceAll(new RegExp(`(?:${comments})|(${text})`, 'gm'), (found, kept?: string) =>
    kept === undefined ? found.replaceAll(/[^\n]/g, ' ') : found,
  )
}

/** A shell writes no blank before the `=` of a `local`. */
function isLua(content: string): boolean {
  return /^[ \t]*local[ \t]+(?:function\b|\w+(?:[ \t]*,[ \t]*\w+)*[ \t]+=[ \t])/m.test(content)
}

function isProperties(content: string): boolean {
  return content.split('\n').every((line) => /^\s*(?:[#!]|[\w.[\]-]+[ \t]*[=:]|$)/.test(line))
}
