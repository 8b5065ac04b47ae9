/** What is said of several members: `what is so: why`, a why that was said above already left out. */
export function onceEach(details: readonly string[]): string[] {
  const said = new Set<string>()
  return details.map((each) => {
    const { so, why } = parted(each)
    if (!why.includes(' ')) return each
    if (said.has(why)) return `${so}, for the same reason`
    said.add(why)
    return each
  })
}

/**
 * The why is behind the first colon that is in no parenthesis; where all are in one, that parenthesis is it, and the
 * sentence goes on behind.
 */
function parted(detail: string): { readonly so: string; readonly why: string } {
  let depth = 0
  let from = 0
  let aside: { readonly so: string; readonly why: string } | undefined
  for (let index = 0; index < detail.length; index += 1) {
    if (depth === 0 && detail.startsWith(': ', index))
      return { so: detail.slice(0, index), why: detail.slice(index + 2) }
    if (detail[index] === '(' && depth++ === 0) from = index
    if (detail[index] !== ')' || depth === 0 || --depth > 0) continue
    const why = detail.slice(from, index + 1)
    if (why.includes(': ')) aside ??= { so: detail.slice(0, from).trimEnd() + detail.slice(index + 1), why }
  }
  return aside ?? { so: detail, why: '' }
}
