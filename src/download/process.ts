/**
 * Entry of the process that performs one download. Apart from it, only an engine that is given a server uses
 * a network. It may be killed at any time.
 */
import { providerRequest } from '#shared/cuda'
import { parseInput } from '#shared/describeIssues'
import { StudioError } from '#shared/errors'
import { pullRequest } from '#shared/models'
import type { Progress } from '#shared/progress'
import { answerRequests } from '#child/answerRequests'
import { installProvider } from './installProvider'
import { fetchLatestRelease } from './latestRelease'
import { pullModel } from './pullModel'

type Work = (input: unknown, report: (progress: Progress) => void) => Promise<unknown>

const routes: Readonly<Record<string, Work>> = {
  'model.pull': (input, report) => pullModel(parseInput(pullRequest, input), { report }),
  'provider.install': (input, report) => installProvider(parseInput(providerRequest, input), report),
  'release.latest': () => fetchLatestRelease(),
}

answerRequests((route, input, report) => {
  if (!Object.hasOwn(routes, route)) throw new StudioError('BAD_INPUT', `There is no route "${route}".`)
  return routes[route](input, report)
})
