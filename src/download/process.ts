/**
 * Entry of the process that performs one download. Apart from it, only an engine that is given a server uses
 * a network.
 */
import type { z } from 'zod'
import { providerRequest } from '#shared/cuda'
import { describeIssues } from '#shared/describeIssues'
import { StudioError, toFailure } from '#shared/errors'
import { pullRequest } from '#shared/models'
import type { Progress } from '#shared/progress'
import { openServerPort } from '#child/serverPort'
import { installProvider } from './installProvider'
import { fetchLatestRelease } from './latestRelease'
import { pullModel } from './pullModel'

type Work = (input: unknown, report: (progress: Progress) => void) => Promise<unknown>

const routes: Readonly<Record<string, Work>> = {
  'model.pull': (input, report) => pullModel(parse(pullRequest, input), { report }),
  'provider.install': (input, report) => installProvider(parse(providerRequest, input), report),
  'release.latest': () => fetchLatestRelease(),
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new StudioError('BAD_INPUT', describeIssues(parsed.error))
}

const port = openServerPort()

async function answer(id: string, route: string, input: unknown): Promise<void> {
  try {
    const data = await routes[route](input, (progress) => port.send({ type: 'progress', id, progress }))
    port.send({ type: 'response', id, result: { ok: true, data } })
  } catch (thrown) {
    port.send({ type: 'response', id, result: { ok: false, error: toFailure(thrown) } })
  }
}

// There is no cancelling: the caller kills the process, which is safe at any time.
port.onMessage((message) => {
  if (message.type === 'request') void answer(message.id, message.route, message.input)
})
