import { copyFirstChannels, createTensor } from '#core/diffusion/tensor'
import { copyAnswer, type OnnxSession } from '../../network/onnx'

/**
 * Wraps a session that may answer twice the channels of the state, so that only the first half of them is returned:
 * the others are a learned variance. If a graph leaves the channels of its output open, only its answers show
 * whether it predicts one.
 *
 * @param channels  of the state
 */
export function firstChannels(session: OnnxSession, channels: number): OnnxSession {
  return {
    ...session,
    async run(inputs, out) {
      const answer = await session.run(inputs)
      const [rows, own, ...size] = answer.shape
      if (own !== 2 * channels) return out ? copyAnswer(answer, out) : answer
      const first = createTensor([rows, channels, ...size])
      copyFirstChannels(answer, first)
      return out ? copyAnswer(first, out) : first
    },
  }
}
