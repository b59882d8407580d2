import { describe, expect, it } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { engineRoutes } from '#shared/contract'
import type { ExportTarget } from '#shared/settings'
import { exportAnimation } from '#engine/animation/exportAnimation'
import type { RequestContext } from '#engine/serve'
import { createEngineServices } from '#engine/job/services'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { tinyModel } from '../../../fixtures/cli'

const context = { signal: new AbortController().signal, report: () => undefined, computesOn: () => undefined }

function filmAt(path: string, seeds: readonly number[], target: Partial<ExportTarget> = {}) {
  return engineRoutes['animation.export'].input.parse({
    model: { path: tinyModel, threads: 1 },
    plan: { kind: 'list', latents: seeds.map((seed) => ({ kind: 'seed', seed })) },
    decode: { solver: 'ddim', timestepSpacing: 'linear', steps: 2 },
    target: { path, format: 'gif', fps: 20, scale: 1, ...target },
    batch: 1,
  })
}

/** A context that cancels its request once `frames` frames are decoded. */
function cancelledAfter(frames: number): RequestContext {
  const cancel = new AbortController()
  return {
    ...context,
    signal: cancel.signal,
    report({ phase, done }) {
      if (phase === 'decode' && done >= frames) cancel.abort()
    },
  }
}

describe('two exports to one path', () => {
  it('do not share their frames: the second is told to wait, and may begin once the first is done', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const services = createEngineServices()
    const first = exportAnimation(services, filmAt(path, [1]), context)
    await expect(exportAnimation(services, filmAt(path, [2]), context)).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringContaining('wait until it is done'),
    })
    expect((await first).frames).toBe(1)
    expect(readdirSync(folder)).toEqual(['film.gif'])
    await expect(exportAnimation(services, filmAt(path, [2]), context)).rejects.toMatchObject({
      code: 'EXISTS',
    })
  })
})

describe('an interrupted export', () => {
  it('goes on with its frames at another rate, size and order (would catch hours of decoding lost to a changed fps)', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const seeds = [1, 2, 3, 4]
    const interrupted = filmAt(path, seeds, { keepUnfinished: true })
    await expect(exportAnimation(createEngineServices(), interrupted, cancelledAfter(2))).rejects.toThrow()

    const changed = { fps: 10, scale: 2, repeat: 'ping-pong' as const }
    const report = await exportAnimation(createEngineServices(), filmAt(path, seeds, changed), context)
    expect(report.resumedFrames).toBe(2)

    const undisturbed = join(folder, 'undisturbed.gif')
    await exportAnimation(createEngineServices(), filmAt(undisturbed, seeds, changed), context)
    expect(readFileSync(path).equals(readFileSync(undisturbed))).toBe(true)
  })
})
