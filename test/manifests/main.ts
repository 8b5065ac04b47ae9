import { isDeepStrictEqual } from 'node:util'
import { find } from './find.ts'
import { read } from './right.ts'

/**
 * Prints what the program says of the folders named on the command line, and what is right where it says something
 * else.
 */
for (const folder of process.argv.slice(2)) {
  const { play, right, words } = read(folder)
  const { found, text } = await find(play, words)
  console.log(`════ ${folder}\n${text}`)
  if (!isDeepStrictEqual(found, right))
    console.log('found', JSON.stringify(found, undefined, 1), '\nright', JSON.stringify(right, undefined, 1))
}
