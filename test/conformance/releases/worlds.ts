import type { MemberSpec, World } from './manifests.ts'

/** A frontend and the backend it calls. */
export function pair(frontend: Partial<MemberSpec> = {}, backend: Partial<MemberSpec> = {}): World {
  return [
    { name: 'backend', ...backend },
    { name: 'frontend', calls: ['backend'], ...frontend },
  ]
}

/** Five services, each calling the next. */
export const chain: World = ['e', 'd', 'c', 'b', 'a'].map((name, index, names) => ({
  name,
  calls: index === 0 ? [] : [names[index - 1]!],
}))

/** A front over a middle over a back. */
export const three: World = [
  { name: 'back' },
  { name: 'middle', calls: ['back'] },
  { name: 'front', calls: ['middle'] },
]

/** Ten services, each calling the next. */
export const ten: World = 'jihgfedcba'.split('').map((name, index, names) => ({
  name,
  replicas: 1,
  calls: index === 0 ? [] : [names[index - 1]!],
}))

/** Eleven services of a shop, in four layers; catalog is called from three of them. */
export const eleven: World = Object.entries({
  store: [],
  currency: [],
  catalog: [],
  shipping: [],
  payment: [],
  mail: [],
  ads: [],
  cart: ['store'],
  advice: ['catalog'],
  checkout: ['catalog', 'currency', 'cart', 'shipping', 'payment', 'mail'],
  shopfront: ['catalog', 'currency', 'cart', 'shipping', 'advice', 'checkout', 'ads'],
}).map(([name, calls]) => ({ name, calls, replicas: 1 }))

/** Web over orders and catalog, which share prices. */
export const diamond: World = [
  { name: 'prices' },
  { name: 'stock' },
  { name: 'orders', calls: ['prices'] },
  { name: 'catalog', calls: ['prices', 'stock'] },
  { name: 'web', calls: ['orders', 'catalog'] },
]

/** A front over mid and pay; mid calls pay by another name of its Service. */
export const till: World = [
  { name: 'pay' },
  { name: 'mid', calls: ['pay'], byAlias: true },
  { name: 'front', calls: ['mid', 'pay'] },
]

/** What makes a member a canary. */
export const CANARY = { kind: 'canary', replicas: 5 } as const

/** Both advance together: the canary frontend calls the canary backend. */
export const canaries: World = pair(CANARY, CANARY)

/** A canary frontend over a blue/green backend. */
export const mixture: World = pair(CANARY, {})

/** Old pods of the entry stay for a while: there is more to be killed in. */
export const lasting = (world: World): World =>
  world.map((member) =>
    member.kind === 'canary' || member !== world.at(-1)
      ? member
      : { ...member, strategy: { ...member.strategy, scaleDownDelaySeconds: 6 } },
  )
