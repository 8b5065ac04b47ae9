/** The words, with the verb that a program has by the name under which kubectl looks for a plugin's completions. */
export function asked(called: string, words: readonly string[]): readonly string[] {
  return /(^|[\\/])kubectl_complete-[^\\/]*$/.test(called) ? ['__complete', ...words] : words
}
