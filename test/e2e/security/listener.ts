import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

/** A local server that only counts its visitors. */
export interface Listener {
  readonly port: number
  /** TCP connections and UDP packets so far. */
  readonly hits: number
  close(): void
}

export async function startListener(): Promise<Listener> {
  let hits = 0
  const tcp = createServer((_request, response) => response.end('secret'))
  tcp.on('connection', () => hits++)
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4')
  udp.on('message', () => hits++)
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  return {
    port,
    get hits() {
      return hits
    },
    close() {
      tcp.close()
      tcp.closeAllConnections()
      udp.close()
    },
  }
}
