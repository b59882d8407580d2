/**
 * Entry point of a short-lived process that tries one provider at one precision, returns its findings, and is
 * then killed.
 */
import { z } from 'zod'
import { parseInput } from '#shared/describeIssues'
import { precisions, providers } from '#shared/devices'
import { answerRequests } from '#child/answerRequests'
import { describeHardware } from './hardware'
import { probeProvider } from './probeProvider'

const question = z.object({ provider: z.enum(providers), precision: z.enum(precisions) })

answerRequests(async (_route, input) => {
  const { provider, precision } = parseInput(question, input)
  const findings = await probeProvider(provider, precision)
  return { ...findings, ...(await describeHardware(provider)) }
})
