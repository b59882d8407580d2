/** Entry of a throw-away process that tries one provider, answers what it found, and is then killed. */
import { providers } from '#shared/devices'
import { toFailure } from '#shared/errors'
import { describeHardware } from './model/probe/hardware'
import { probeProvider } from './model/probe/probeProvider'
import { openServerPort } from './serverPort'

const port = openServerPort()

async function answer(id: string, input: unknown): Promise<void> {
  try {
    const provider = providers.find((known) => known === input)
    if (provider === undefined) throw new RangeError(`There is no provider "${String(input)}".`)
    const findings = await probeProvider(provider)
    const data = { ...findings, ...(await describeHardware(provider)) }
    port.send({ type: 'response', id, result: { ok: true, data } })
  } catch (thrown) {
    port.send({ type: 'response', id, result: { ok: false, error: toFailure(thrown) } })
  }
}

port.onMessage((message) => {
  if (message.type === 'request') void answer(message.id, message.input)
})
