/**
 * What is asked of one member.
 * `promote`: pass the gate it stands at. `promote-full`: skip every further gate and analysis.
 * `abort`: withdraw the next revision, keep the spec. `restore-stable`: put the stable revision's pod template back.
 */
export type Action = 'promote' | 'promote-full' | 'abort' | 'restore-stable'
