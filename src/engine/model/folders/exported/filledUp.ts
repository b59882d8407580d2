import { sizeOf } from '#core/diffusion/tensor'
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
      const answer = await session.run({ ...inputs, ...Object.fromEntries(filled) })
      const data = answer.data.subarray(0, (answer.data.length / batch) * rows)
      out?.data.set(data)
      return out ?? { data, shape: [rows, ...answer.shape.slice(1)] }
    },
  }
}

function filledTensor({ data, shape: [, ...others] }: OnnxInput, batch: number): OnnxInput {
  const filled = new Float32Array(batch * sizeOf(others))
  filled.set(data)
  return { data: filled, shape: [batch, ...others] }
}
