export type Mode = 'legacy' | 'modern'
