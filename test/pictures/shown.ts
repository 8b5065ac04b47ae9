/** Durations, times of day, ports. */
const PASSING = /\d+(\.\d+)?m?s\b|\d+[mh]\b|\d\d:\d\d:\d\d/g
const PIECE = /<text y="([\d.]+)" x="([\d.]+)[^"]*"([^>]*)>([^<]*)</g

/** What a picture says and how, but for what is another each time. */
export function shownBy(svg: string): string {
  return [...svg.matchAll(PIECE)]
    .map(([, y, x, look, text]) => `${y} ${x}${look} ${text!.replaceAll(PASSING, '#')}`)
    .join('\n')
}

/** The same of a film, line by line of each of its screens; and how long these stay. */
export function shownByFilm(svg: string): string {
  const lines = new Map(
    [...svg.matchAll(/<g id="(l\d+)">(.*)<\/g>/g)].map(([, id, drawn]) => [
      id,
      [...drawn!.matchAll(PIECE)].map(([, , , look, text]) => `${look} ${text!.replaceAll(PASSING, '#')}`).join(' '),
    ]),
  )
  const screens = [...svg.matchAll(/<use href="#(l\d+)" y="(\d+)"/g)].map(([, id, y]) => `${y} ${lines.get(id)}`)
  return [/@keyframes [^@]*/.exec(svg)?.[0], ...screens].join('\n')
}
