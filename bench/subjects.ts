import { resolve } from 'node:path'

/** What the benchmarks run on. */
export const bundledModel = resolve('resources/models/fruits-64')
export const tinyModel = resolve('test/golden/fixtures/unet/one-layer')
export const samples = ['apple-red-yellow.webp', 'tomato-cherry-red.webp'].map((name) =>
  resolve('resources/samples', name),
)
export const threads = 2
