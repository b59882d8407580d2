/**
 * Entry point of a short-lived process that tries one provider at one precision, returns its findings, and is
 * then killed.
 */
import { z } from 'zod'
import { precisions, providers } from '#shared/devices'
import { toFailure } from '#shared/errors'
import { describeHardware } from './hardware'
import { probeProvider } from './probeProvider'
import { openServerPort } from '#child/serverPort'

const port = openServerPort()
const question = z.object({ provider: z.enum(providers), precision: z.enum(precisions) })

async function answer(id: string, input: unknown): Promise<void> {
  try {
    const { provider, precision } = question.parse(input)
    const findings = await probeProvider(provider, precision)
    const data = { ...findings, ...(await describeHardware(provider)) }
    port.send({ type: 'response', id, result: { ok: true, data } })
  } catch (thrown) {
    port.send({ type: 'response', id, result: { ok: false, error: toFailure(thrown) } })
  }
}

port.onMessage((message) => {
  if (message.type === 'request') void answer(message.id, message.input)
})
