/**
 * Our side of `bench/against_pytorch.py`: `MODEL PICTURES BATCH STEPS THREADS`, where PICTURES is a file of
 * float32 x0 [BATCH, C, H, W]. Prints in one line of JSON what the other side has to repeat; then every line
 * on stdin is one round, with the response { seconds, latent: base64 of float32 }.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import { decode, encode } from '#core/diffusion/inversion'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { createTensor } from '#core/diffusion/tensor'
import { runSolver } from '#engine/latent/runSolver'
import { openModel } from '#engine/model/denoiser/openModel'

const [path, pictures, batch, steps, threads] = process.argv.slice(2)
const rule = { solver: 'ddim', timestepSpacing: 'linear', steps: Number(steps) } as const
const model = await openModel({ path, threads: Number(threads) })
const { schedule } = model
const predictEpsilon = model.denoiser.predictor()
const bytes = await readFile(pictures)
const x0 = createTensor(
  [Number(batch), ...model.space.stateShape],
  new Float32Array(Uint8Array.from(bytes).buffer),
)

async function roundTrip() {
  const ignore = () => undefined
  const there = encode(x0, { schedule, settings: encodeSettings.parse(rule), predictEpsilon })
  const { result: latent } = await runSolver(there, ignore)
  await runSolver(decode(latent, { schedule, settings: decodeSettings.parse(rule), predictEpsilon }), ignore)
  return latent.x.data
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

say({
  timesteps: chooseTimesteps(schedule, rule),
  finalAlphaBar: alphaBarOf(schedule.clean),
  runtime: model.compute.runtime,
})
for await (const _ of createInterface({ input: process.stdin })) {
  const started = performance.now()
  const latent = await roundTrip()
  const seconds = (performance.now() - started) / 1000
  say({
    seconds,
    latent: Buffer.from(latent.buffer, latent.byteOffset, latent.byteLength).toString('base64'),
  })
}
await model.close()
