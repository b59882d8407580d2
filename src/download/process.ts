/** Entry of the process that downloads one model, the only one of the program that may use a network. */
import { describeIssues } from '#shared/describeIssues'
import { StudioError, toFailure } from '#shared/errors'
import { pullRequest } from '#shared/models'
import { openServerPort } from '#engine/job/serverPort'
import { pullModel } from './pullModel'

const port = openServerPort()

async function answer(id: string, input: unknown): Promise<void> {
  try {
    const parsed = pullRequest.safeParse(input)
    if (!parsed.success) throw new StudioError('BAD_INPUT', describeIssues(parsed.error))
    const data = await pullModel(parsed.data, {
      report: (progress) => port.send({ type: 'progress', id, progress }),
    })
    port.send({ type: 'response', id, result: { ok: true, data } })
  } catch (thrown) {
    port.send({ type: 'response', id, result: { ok: false, error: toFailure(thrown) } })
  }
}

// There is no cancelling: whoever asked ends the process, which may be done at any time.
port.onMessage((message) => {
  if (message.type === 'request') void answer(message.id, message.input)
})
