/** What is said of several members: `what is so: why`, a why that was said above already left out. */
export function onceEach(details: readonly string[]): string[] {
  const said = new Set<string>()
  return details.map((each) => {
    const [so = '', ...rest] = each.split(': ')
    const why = rest.join(': ')
    if (!why.includes(' ')) return each
    if (said.has(why)) return `${so}, for the same reason`
    said.add(why)
    return each
  })
}
