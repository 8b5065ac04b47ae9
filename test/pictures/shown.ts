/** What a picture says and how, but for what is another each time: durations, times of day, ports. */
export function shownBy(svg: string): string {
  const lines = [...svg.matchAll(/<text y="([\d.]+)" x="([\d.]+)[^"]*"([^>]*)>([^<]*)</g)]
  return lines
    .map(
      ([, y, x, look, text]) =>
        `${y} ${x}${look} ${text!.replaceAll(/\d+(\.\d+)?m?s\b|\d+[mh]\b|\d\d:\d\d:\d\d/g, '#')}`,
    )
    .join('\n')
}
