import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathThrough } from '../src/cli/commands/morph'
import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { defaultSettings } from '#shared/presets'
import { printTable, residentMemory } from './measure'
import { bundledModel, samples, threads, tinyModel } from './subjects'

/** Runs one morph in an engine process of its own; `onFrame` sees the process after each batch. */
async function morph(
  model: string,
  frames: number,
  steps: number,
  onFrame: (done: number, pid: number) => void,
) {
  const client = new EngineClient(() => forkEngine(resolve('out/main/engine.js')))
  const stops = samples.map((path) => ({
    kind: 'picture' as const,
    picture: { path, fit: { mode: 'cover' as const } },
    encode: { ...defaultSettings.encode, steps },
    restandardise: false,
  }))
  const result = await client.request(
    'animation.export',
    {
      model: { path: model, threads },
      plan: pathThrough(stops, { frames, easing: 'linear', interpolation: 'slerp' }),
      decode: { ...defaultSettings.decode, steps },
      target: { path: join(mkdtempSync(join(tmpdir(), 'slerp-bench-')), 'frames'), format: 'png' },
      batch: 8,
    },
    { onProgress: ({ phase, done }) => phase === 'decode' && onFrame(done, client.pid!) },
  )
  if (!result.ok) throw new Error(result.error.message)
  const memory = residentMemory(client.pid!)
  await client.stop()
  return { seconds: result.data.seconds, memory }
}

/** The cost of the main task, and whether memory grows with the length of an animation. */
export async function benchMorph(): Promise<void> {
  const { seconds, memory } = await morph(bundledModel, 60, 20, () => undefined)
  printTable('Morph of 2 pictures on fruits-64, 20 steps each way, 60 frames, batch 8, 2 threads', [
    ['seconds', 'peak RSS of the engine'],
    [seconds.toFixed(1), `${memory.peak.toFixed(0)} MB`],
  ])

  const marks: [number, number][] = []
  await morph(tinyModel, 4000, 4, (done, pid) => {
    if (done % 500 === 0 && done > 0) marks.push([done, residentMemory(pid).now])
  })
  printTable('Memory over 4,000 frames (tiny model), of which finished ones are kept as PNG, up to 256 MB', [
    ['frames done', ...marks.map(([done]) => String(done))],
    ['RSS, MB', ...marks.map(([, megabytes]) => megabytes.toFixed(0))],
  ])
}
