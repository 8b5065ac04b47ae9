import type { Finding } from '../findings/finding.ts'
import type { Mode } from '../findings/mode.ts'
import { type Annotation, ENTRY, MODE, PROTECTED, VERSIONS } from '../objects/labels.ts'
import type { Member } from './member.ts'

export function modesOf(members: readonly Member[]): Mode[] {
  const said = members.map((each) => (each.annotations.get(MODE) === 'modern' ? 'modern' : 'legacy'))
  return [...new Set(said)]
}

/** Our annotations that take one of a few words; any other would be as good as none, and nobody would notice. */
const WORDS: readonly (readonly [key: Annotation, words: readonly string[]])[] = [
  [MODE, ['legacy', 'modern']],
  [ENTRY, ['true', 'false']],
  [PROTECTED, ['true', 'false']],
  [VERSIONS, ['independent']],
]

export function badAnnotations(member: Member): Finding[] {
  return WORDS.flatMap(([key, words]) => {
    const said = member.annotations.get(key)
    return said === undefined || words.includes(said)
      ? []
      : [
          {
            code: 'malformed' as const,
            severity: 'error' as const,
            members: [member.name],
            sentence: `rollout/${member.name} has ${key}: ${JSON.stringify(said)}`,
            remedy: `it must be ${words.join(' or ')}`,
          },
        ]
  })
}
