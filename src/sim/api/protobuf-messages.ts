import type { ResourceName } from '../objects.ts'

/** What a field of a message is: a value, a map, a list of messages, or a message that stands for something. */
type Type =
  | 'text'
  | 'texts'
  | 'bytes'
  | 'base64'
  | 'number'
  | 'flag'
  | { readonly entry: Type }
  | { readonly each: Message }
  | One

interface One {
  readonly one: Message
  readonly as: (value: any) => unknown
}

/** The fields of a message by their numbers. */
export type Message = Readonly<Record<number, readonly [name: string, type: Type]>>

const message = (one: Message): One => ({ one, as: (value) => value })
const map: Type = { entry: 'text' }

/** What every object is wrapped in (apimachinery, runtime/generated.proto, Unknown). */
export const ENVELOPE: Message = {
  1: ['typeMeta', message({ 1: ['apiVersion', 'text'], 2: ['kind', 'text'] })],
  2: ['raw', 'bytes'],
}

const METADATA: One = message({
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  11: ['labels', map],
  12: ['annotations', map],
})

/** A number or a text (apimachinery, util/intstr/generated.proto). */
const NUMBER_OR_TEXT: One = {
  one: { 1: ['type', 'number'], 2: ['number', 'number'], 3: ['text', 'text'] },
  as: ({ type, number, text }) => (type === 1 ? text : number),
}

const PORT: Message = {
  1: ['name', 'text'],
  2: ['protocol', 'text'],
  3: ['port', 'number'],
  4: ['targetPort', NUMBER_OR_TEXT],
  5: ['nodePort', 'number'],
}

/**
 * What kubectl makes and sends in protobuf alone, by its resource; of what it creates otherwise it sends JSON where it
 * is given a file (k8s.io/api, generated.proto of each group).
 */
export const MESSAGES: Readonly<Partial<Record<ResourceName, Message>>> = {
  namespaces: { 1: ['metadata', METADATA] },
  configmaps: {
    1: ['metadata', METADATA],
    2: ['data', map],
    3: ['binaryData', { entry: 'base64' }],
    4: ['immutable', 'flag'],
  },
  secrets: {
    1: ['metadata', METADATA],
    2: ['data', { entry: 'base64' }],
    3: ['type', 'text'],
    4: ['stringData', map],
    5: ['immutable', 'flag'],
  },
  services: {
    1: ['metadata', METADATA],
    2: [
      'spec',
      message({
        1: ['ports', { each: PORT }],
        2: ['selector', map],
        3: ['clusterIP', 'text'],
        4: ['type', 'text'],
        10: ['externalName', 'text'],
      }),
    ],
  },
  selfsubjectaccessreviews: {
    2: [
      'spec',
      message({
        1: [
          'resourceAttributes',
          message({
            1: ['namespace', 'text'],
            2: ['verb', 'text'],
            3: ['group', 'text'],
            4: ['version', 'text'],
            5: ['resource', 'text'],
            6: ['subresource', 'text'],
            7: ['name', 'text'],
          }),
        ],
      }),
    ],
  },
  selfsubjectreviews: {},
}
