/**
 * Required by mocha where it runs test files in processes of its own: when one of these dies between two files, mocha
 * ends without a word, as if all was well.
 */

let over = false

/** Until mocha says what came of the tests, they have failed. */
export function mochaGlobalSetup(): void {
  process.exitCode = 1
  process.once('exit', () => {
    if (!over) console.error('the tests did not come to their end: a process that ran some of them died')
  })
}

/** Mocha knows what came of the tests, and sets the exit code. */
export function mochaGlobalTeardown(): void {
  over = true
}
