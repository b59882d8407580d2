import { describe, expect, it } from 'vitest'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { engineRoutes } from '#shared/contract'
import { exportAnimation } from '../../../src/main/engine/animation/exportAnimation'
import { createEngineServices } from '../../../src/main/engine/services'
import { emptyFolder } from '../../fixtures/exportTarget'
import { tinyModel } from '../../fixtures/cli'

const context = { signal: new AbortController().signal, report: () => undefined, computesOn: () => undefined }

function filmAt(path: string, seed: number) {
  return engineRoutes['animation.export'].input.parse({
    model: { path: tinyModel, threads: 1 },
    plan: { kind: 'list', latents: [{ kind: 'seed', seed }] },
    decode: { solver: 'ddim', nodes: 'linear', steps: 2 },
    target: { path, format: 'gif', fps: 20, scale: 1 },
  })
}

describe('two exports to one path', () => {
  it('do not share their frames: the second is told to wait, and may begin once the first is done', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const services = createEngineServices()
    const first = exportAnimation(services, filmAt(path, 1), context)
    await expect(exportAnimation(services, filmAt(path, 2), context)).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringContaining('wait until it is done'),
    })
    expect((await first).frames).toBe(1)
    expect(readdirSync(folder)).toEqual(['film.gif'])
    await expect(exportAnimation(services, filmAt(path, 2), context)).rejects.toMatchObject({
      code: 'EXISTS',
    })
  })
})
