/** Letters and digits that make no words (k8s.io/apimachinery, util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const LETTERS = 5

/** Ten letters that tell one text from another (FNV-1a, twice 32 bits). */
export function digest(text: string): string {
  return [0x811c9dc5, 0x9dc5811c].map((seed) => letters(hash(text, seed))).join('')
}

function hash(text: string, seed: number): number {
  let found = seed
  for (let index = 0; index < text.length; index++) found = Math.imul(found ^ text.charCodeAt(index), 0x01000193)
  return found >>> 0
}

function letters(number: number): string {
  let rest = number
  return Array.from({ length: LETTERS }, () => {
    const letter = ALPHABET[rest % ALPHABET.length]!
    rest = Math.floor(rest / ALPHABET.length)
    return letter
  }).join('')
}
