/**
 * Evaluates one part of a model that full_size.py made, and prints a row of the table in docs/models.md: the
 * largest difference from PyTorch, and milliseconds and peak memory next to PyTorch's.
 *
 *     npx tsx bench/diffusers/fullSize.ts FOLDER PART
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatBytes } from '#core/format/quantities'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { Model } from '#engine/model/denoiser/model'
import { openModel } from '#engine/model/denoiser/openModel'
import { unconditional } from '#engine/model/network/condition'
import { undisputed } from '#engine/model/network/Turns'
import { readTensor } from '#engine/model/weights/safetensors'

interface Measured {
  milliseconds: number
  peakBytes: number
  parameters: number
}

const [root, part] = process.argv.slice(2)
const [name, network] = part.split('-')

async function tensorOf(tensor: string): Promise<Tensor> {
  const { data, shape } = await readTensor(join(root, `${part}.safetensors`), tensor)
  return createTensor(shape, data)
}

/** Returns the part's outputs, under the same names as PyTorch's. */
async function evaluate(model: Model): Promise<Record<string, Tensor>> {
  if (network === 'text') return { text: (await model.texts!.encode('a house', undisputed)).text }
  const states = await tensorOf('states')
  if (network === 'unet') {
    const condition = name === 'sd' ? { text: await tensorOf('text') } : unconditional
    return { predicted: await model.denoiser.answer(states, 500, { condition }) }
  }
  const encoded = await model.space.encode(await tensorOf('pictures'), undisputed)
  return { encoded, decoded: await model.space.decode(states, undisputed) }
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

const model = await openModel({ path: join(root, name), threads: 1 })
// A text encoder is reopened for each text, and encoded texts are cached.
if (network !== 'text') await evaluate(model)
const started = performance.now()
const answers = await evaluate(model)
const milliseconds = performance.now() - started
const differences = await Promise.all(
  Object.entries(answers).map(async ([key, { data }]) => {
    const expected = (await tensorOf(key)).data
    return largest(data.map((value, i) => value - expected[i])) / Math.max(1, largest(expected))
  }),
)
await model.close()
const torch = JSON.parse(readFileSync(join(root, `${part}.json`), 'utf8')) as Measured
const own = process.resourceUsage().maxRSS * 1024
const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`
const row = [
  part,
  `${(torch.parameters / 1e6).toFixed(0)} M`,
  Math.max(...differences).toExponential(1),
  seconds(milliseconds),
  seconds(torch.milliseconds),
  formatBytes(own),
  formatBytes(torch.peakBytes),
]
console.log(`| ${row.join(' | ')} |`)
