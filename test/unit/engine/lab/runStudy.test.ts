import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DomainError } from '#core/DomainError'
import { engineRoutes } from '#shared/contract'
import { StudioError } from '#shared/errors'
import { createRenderCache } from '#engine/animation/renderCache'
import type { Job } from '#engine/job/Job'
import { openStudy } from '#engine/lab/report'
import { runStudy } from '#engine/lab/runStudy'
import type { Model } from '#engine/model/denoiser/model'
import type { Space } from '#engine/model/space/Space'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { tinyModel } from '../../../fixtures/cli'
import { writeExportedGraph, writeExportedSchedule } from '../../../fixtures/exportedModel'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOn } from '../../../fixtures/job'

const picture = { path: resolve('resources/samples/apple-red.webp') }

async function study(job: Job, sweep: object, folder = join(emptyFolder(), 'study')) {
  const request = engineRoutes['lab.run'].input.parse({
    model: { path: tinyModel, threads: 1 },
    study: { stops: [{ kind: 'picture', picture }], timestepSpacings: ['linear'], ...sweep },
    folder,
    figures: false,
  })
  const report = await runStudy(createRenderCache(), job, request)
  return { ...report, rows: readFileSync(join(folder, 'lab.csv'), 'utf8').trim().split('\r\n').length - 1 }
}

/** A job whose network throws at timestep 499, which two linear steps visit and three do not. */
async function jobThatThrows(error: Error): Promise<Job> {
  const job = await jobOn(tinyModel)
  const denoiser = {
    stateShape: job.model.denoiser.stateShape,
    async predict({ shape }: Tensor, timestep: number): Promise<Tensor> {
      if (timestep === 499) throw error
      return createTensor(shape)
    },
  }
  return job.with({ model: { ...job.model, denoiser } as unknown as Model })
}

describe('a cell that cannot be run', () => {
  it('is listed with the reason, and the study goes on: a solver between the timesteps of a graph that takes whole ones', async () => {
    const folder = emptyFolder()
    const graph = join(folder, 'one-layer.onnx')
    await writeExportedGraph(graph)
    await writeExportedSchedule(folder)
    const job = await jobOn(graph)
    const { cells, skipped, finished, rows } = await study(job, { solvers: ['midpoint', 'ddim'], steps: [3] })
    expect(cells.map(({ solver }) => solver)).toEqual(['ddim'])
    expect(skipped).toEqual([
      expect.objectContaining({
        solver: 'midpoint',
        reason: expect.stringContaining('takes whole timesteps'),
      }),
    ])
    expect({ finished, rows }).toEqual({ finished: true, rows: 1 })
  })

  it('is listed with the reason, and the study goes on: settings outside of what the mathematics allows', async () => {
    const job = await jobThatThrows(new DomainError('Out of reach.'))
    const folder = join(emptyFolder(), 'study')
    const { cells, skipped, finished } = await study(job, { solvers: ['ddim'], steps: [2, 3] }, folder)
    expect(cells.map(({ steps }) => steps)).toEqual([3])
    expect(skipped).toEqual([expect.objectContaining({ steps: 2, reason: 'Out of reach.' })])
    expect(finished).toBe(true)
    // Would catch "1 cell, 2 of them from an interrupted run".
    const again = await study(job, { solvers: ['ddim'], steps: [2, 3] }, folder)
    expect(again.resumedCells).toBe(1)
  })

  it.each([
    ['the server', new StudioError('UNSUPPORTED', 'The server answers in another language.')],
    ['the memory', new RangeError('Array buffer allocation failed')],
    ['this program', new RangeError('Maximum call stack size exceeded')],
  ])(
    'ends the study if the fault is that of %s, and nothing is recorded for good (would catch a study that fails every cell during an outage)',
    async (_, error) => {
      const folder = join(emptyFolder(), 'study')
      await expect(
        study(await jobThatThrows(error), { solvers: ['ddim'], steps: [2, 3] }, folder),
      ).rejects.toBe(error)
      expect(readdirSync(folder)).toEqual(['journal.jsonl'])
      const { cells, resumedCells } = await study(
        await jobOn(tinyModel),
        { solvers: ['ddim'], steps: [2, 3] },
        folder,
      )
      expect({ cells: cells.length, resumedCells }).toEqual({ cells: 2, resumedCells: 0 })
    },
  )
})

it('a model without an inverse is refused before anything is measured (would catch figures of accuracy that mean nothing)', async () => {
  const job = await jobOn(tinyModel)
  const schedule = createNoiseSchedule({ _class_name: 'LCMScheduler' })
  const folder = join(emptyFolder(), 'study')
  const distilled = job.with({ model: { ...job.model, schedule } })
  await expect(study(distilled, { solvers: ['ddim'], steps: [2] }, folder)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(/encodes none: .* A study encodes every picture: choose the model/),
  })
  expect(existsSync(folder)).toBe(false)
})

describe('a study of a latent model', () => {
  const latentModel = resolve('test/golden/fixtures/latent/kl')

  /** A job whose autoencoder counts the pictures and states that it takes. */
  async function countedJob() {
    const job = await jobOn(latentModel)
    const { model } = job
    const taken = { encoded: 0, decoded: 0 }
    const space: Space = {
      ...model.space,
      encode: (pictures, turn) => {
        taken.encoded += pictures.shape[0]
        return model.space.encode(pictures, turn)
      },
      decode: (states, turn) => {
        taken.decoded += states.shape[0]
        return model.space.decode(states, turn)
      },
    }
    return { taken, job: job.with({ model: { ...model, space } }) }
  }

  it('encodes each picture once for all cells, and none once all are measured (would catch a cell that takes as long for coding as for its solver)', async () => {
    const { job, taken } = await countedJob()
    const folder = join(emptyFolder(), 'study')
    const sweep = { solvers: ['ddim', '2m'], steps: [2, 3] }
    const { cells } = await study(job, sweep, folder)
    expect(cells).toHaveLength(4)
    // The picture alone once, and what each of the four cells comes back to.
    expect(taken).toEqual({ encoded: 1, decoded: 1 + 4 })
    expect(await study(job, sweep, folder)).toMatchObject({ resumedCells: 4 })
    expect(taken).toEqual({ encoded: 1, decoded: 1 + 4 })
  })
})

describe('a figure that cannot be drawn', () => {
  /** Runs a study whose network throws once all cells are measured and the figures are being drawn. */
  async function drawWith(error: Error, folder: string) {
    const job = await jobOn(tinyModel)
    const denoiser = {
      stateShape: job.model.denoiser.stateShape,
      sliceOf: (batch: number) => batch,
      async predict({ shape }: Tensor): Promise<Tensor> {
        if (existsSync(join(folder, 'lab.csv'))) throw error
        return createTensor(shape)
      },
    }
    const request = engineRoutes['lab.run'].input.parse({
      model: { path: tinyModel, threads: 1 },
      study: {
        stops: [{ kind: 'picture', picture }],
        solvers: ['ddim'],
        timestepSpacings: ['linear'],
        steps: [2],
      },
      folder,
    })
    return runStudy(
      createRenderCache(),
      job.with({ model: { ...job.model, denoiser } as unknown as Model }),
      request,
    )
  }

  it('is left out with the reason, which the study still gives when it is opened again', async () => {
    const folder = join(emptyFolder(), 'study')
    const { finished, notes } = await drawWith(new DomainError('Out of reach.'), folder)
    expect(finished).toBe(true)
    expect(notes).toContainEqual(expect.stringMatching(/^\S+\.png is left out\. Out of reach\.$/))
    expect((await openStudy(folder)).notes).toEqual(notes)
  })

  it('ends the run if memory was lacking, so that the next run draws it (would catch a study without its figures for good)', async () => {
    const folder = join(emptyFolder(), 'study')
    const lack = new RangeError('Array buffer allocation failed')
    await expect(drawWith(lack, folder)).rejects.toBe(lack)
    expect(readdirSync(folder)).not.toContain('lab.json')
  })
})

it('continues what this version began, and refuses what other numerics did (would catch a study of two versions)', async () => {
  const folder = join(emptyFolder(), 'study')
  const job = await jobThatThrows(new Error('None.'))
  const sweep = { solvers: ['ddim'], steps: [3] }
  await study(job, sweep, folder)
  expect(await study(job, sweep, folder)).toMatchObject({ resumedCells: 1 })
  const journal = join(folder, 'journal.jsonl')
  const [head, ...cells] = readFileSync(journal, 'utf8').split('\n')
  const { numericsVersion: _, ...older } = JSON.parse(head)
  writeFileSync(journal, [JSON.stringify(older), ...cells].join('\n'))
  await expect(study(job, sweep, folder)).rejects.toMatchObject({
    code: 'EXISTS',
    message: expect.stringContaining('was begun by another version of Slerp Studio'),
  })
})

it('a shard is refused beside a shard of another study, before it measures (would catch cells that cannot be merged)', async () => {
  const folder = join(emptyFolder(), 'study')
  const job = await jobOn(tinyModel)
  const runShard = (index: number, steps: number[]) =>
    runStudy(
      createRenderCache(),
      job,
      engineRoutes['lab.run'].input.parse({
        model: { path: tinyModel, threads: 1 },
        study: {
          stops: [{ kind: 'picture', picture }],
          solvers: ['ddim'],
          timestepSpacings: ['linear'],
          steps,
        },
        folder,
        figures: false,
        shard: { index, count: 2 },
      }),
    )
  await runShard(0, [3, 4])
  await expect(runShard(1, [3, 5])).rejects.toMatchObject({
    code: 'EXISTS',
    message: expect.stringContaining('differs from this one in steps'),
  })
  expect(readdirSync(folder)).toEqual(['shard-0-of-2'])
  expect(await runShard(1, [3, 4])).toMatchObject({ resumedCells: 0 })
})
