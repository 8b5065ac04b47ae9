import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { KubeObject } from './objects.ts'
import type { Store } from './store.ts'

// An import of it loads ten times as much.
const { createServer } = process.getBuiltinModule('node:http')

/** The ports of simulated pods, as a kubelet carries them over WebSockets (kubelet, portforward/websocket.go). */
export interface PodPorts {
  /** Answers an upgrade, and carries a port until one side ends it. */
  carry(request: IncomingMessage, socket: Duplex, head: Buffer, pod: KubeObject, port: number): void
  /** Breaks what is carried. */
  close(): void
}

/**
 * Behind each container port of a pod is a small web server that says which pod it is and what its environment holds;
 * behind others is nobody. What is carried ends with the pod.
 */
export function podPorts(store: Store): PodPorts {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered: Set<string>) => (offered.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false),
  })
  const open = new Set<WebSocket>()
  return {
    carry: (request, socket, head, pod, port) =>
      sockets.handleUpgrade(request, socket, head, (opened) => {
        open.add(opened)
        const forget = store.subscribe(() => {
          if (store.get('pods', pod.metadata.namespace, pod.metadata.name) === undefined) opened.terminate()
        })
        opened.on('error', () => undefined)
        opened.on('close', () => {
          open.delete(opened)
          forget()
        })
        carryOver(opened, port, listens(pod, port) ? () => greeting(pod, store) : undefined)
      }),
    close: () => {
      for (const each of open) each.terminate()
    },
  }
}

function carryOver(opened: WebSocket, port: number, greet: (() => string) | undefined): void {
  const begin = Buffer.from([0, port & 255, port >> 8])
  opened.send(begin)
  opened.send(Buffer.from([1, port & 255, port >> 8]))
  if (greet === undefined) {
    opened.send(Buffer.concat([Buffer.from([1]), Buffer.from(`dial tcp4 127.0.0.1:${port}: connection refused`)]))
    return opened.close()
  }
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => opened.send(Buffer.concat([Buffer.from([0]), chunk]), done),
    final: (done) => {
      opened.close()
      done()
    },
  })
  stream.on('error', () => opened.terminate())
  opened.on('message', (message) => {
    if (message[0] === 0) stream.push(message.subarray(1))
  })
  opened.on('close', () => stream.push(null))
  const server = createServer((_request, response) => response.end(greet()))
  server.emit('connection', stream)
}

function listens({ spec }: KubeObject, port: number): boolean {
  const declared = containersOf(spec).flatMap((each) => each.ports ?? [])
  return declared.length === 0 || declared.some((each) => each.containerPort === port)
}

function greeting({ metadata, spec }: KubeObject, store: Store): string {
  const environment = containersOf(spec)
    .flatMap((each) => each.env ?? [])
    .map(({ name, value, valueFrom }) => {
      const { name: from = '', key = '' } = valueFrom?.configMapKeyRef ?? {}
      return `${name}=${value ?? store.get('configmaps', metadata.namespace, from)?.['data']?.[key] ?? ''}`
    })
  return `${[metadata.name, ...environment].join('\n')}\n`
}

interface SimContainer {
  readonly ports?: readonly { readonly containerPort: number }[]
  readonly env?: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly configMapKeyRef?: { readonly name?: string; readonly key?: string } }
  }[]
}

function containersOf(spec: KubeObject['spec']): readonly SimContainer[] {
  return spec?.containers ?? []
}
