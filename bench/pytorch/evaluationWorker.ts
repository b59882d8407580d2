/**
 * Our side of `bench/gpu_against_pytorch.py`: `MODEL NOISE BATCH DEVICE PRECISION`, where NOISE is a file of
 * float32 [BATCH, C, H, W]. Devices are checked first, as in the app. Prints in one line of JSON what
 * computes; then every line on stdin is one evaluation at timestep 500, from this process's memory and back
 * to it, with the response { seconds, latent: base64 of the first picture's epsilon }.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { DeviceChoice, Precision } from '#shared/devices'
import { openDevices } from '../../src/cli/openDevices'
import { createTensor, itemOf } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { installation } from '../subjects'

const [path, noise, batch, ...asked] = process.argv.slice(2)
const [device, precision] = asked as [DeviceChoice, Precision]
const devices = openDevices(installation)
const placement = await devices.place({ path, device, precision })
await devices.close()
const model = await openModel({ path, threads: 0, device, precision, placement })
const bytes = await readFile(noise)
const x = createTensor(
  [Number(batch), ...model.space.stateShape],
  new Float32Array(Uint8Array.from(bytes).buffer),
)
const epsilon = createTensor(x.shape)

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

say(model.compute)
for await (const _ of createInterface({ input: process.stdin })) {
  const started = performance.now()
  await model.denoiser.predict(x, 500, { out: epsilon })
  const seconds = (performance.now() - started) / 1000
  const { data } = itemOf(epsilon, 0)
  say({ seconds, latent: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') })
}
await model.close()
