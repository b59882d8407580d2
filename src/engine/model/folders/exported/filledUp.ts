import { createTensor, itemsOf, sizeOf } from '#core/diffusion/tensor'
import type { OnnxInput, OnnxSession } from '../../network/onnx'

/**
 * Wraps a session of fixed batch size so that smaller batches are padded with zeros.
 *
 * @param names  of the inputs that have one row per picture and need padding
 */
export function filledUp(session: OnnxSession, names: readonly string[], batch: number): OnnxSession {
  return {
    ...session,
    async run(inputs, out) {
      const [rows] = inputs[names[0]].shape
      if (rows === batch) return session.run(inputs, out)
      const filled = names.map((name) => [name, filledTensor(inputs[name], batch)] as const)
      // The session checks that its output has this shape.
      const whole = out && createTensor([batch, ...out.shape.slice(1)])
      const answer = itemsOf(await session.run({ ...inputs, ...Object.fromEntries(filled) }, whole), 0, rows)
      out?.data.set(answer.data)
      return out ?? answer
    },
  }
}

function filledTensor({ data, shape: [, ...others] }: OnnxInput, batch: number): OnnxInput {
  const filled = new Float32Array(batch * sizeOf(others))
  filled.set(data)
  return { data: filled, shape: [batch, ...others] }
}
