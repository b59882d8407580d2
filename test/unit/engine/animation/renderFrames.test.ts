import { join, resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { engineRoutes } from '#shared/contract'
import type { Progress } from '#shared/progress'
import type { FramePlan } from '#shared/framePlan'
import { countFrames } from '#core/timeline/timeline'
import { exportAnimation } from '#engine/animation/exportAnimation'
import { createRenderCache, type RenderCache } from '#engine/animation/renderCache'
import { planFrame } from '#engine/animation/planFrame'
import { collectFrames } from '#engine/animation/collectFrames'
import { createEngineHandlers } from '#engine/handlers'
import type { Job } from '#engine/job/Job'
import { encodeAndMeasure } from '#engine/latent/encodeAndMeasure'
import { resolveLatent, resolveStops } from '#engine/latent/resolveLatent'
import { tinyModel } from '../../../fixtures/cli'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOn, quietContext } from '../../../fixtures/job'

afterEach(() => void vi.restoreAllMocks())

const samples = ['apple-red.webp', 'apple-golden.webp', 'cherry-rainier.webp'].map((name) =>
  resolve('resources/samples', name),
)
const steps = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 } as const

function filmOf(stops: readonly object[], to: { path: string; format: string }) {
  return engineRoutes['animation.export'].input.parse({
    model: { path: tinyModel, threads: 1 },
    plan: { kind: 'path', stops, segments: stops.slice(1).map(() => ({ frames: 4 })) },
    decode: steps,
    target: { fps: 20, scale: 1, ...to },
  })
}

const picture = (path: string) => ({ kind: 'picture', picture: { path }, encode: steps })

/** Requests frames as the stage does: one at a time, from the plan of their segment. */
async function showOnStage(cache: RenderCache, job: Job, plan: FramePlan): Promise<void> {
  if (plan.kind !== 'path') throw new Error('The stage shows paths.')
  for (const [segment, { frames }] of plan.segments.entries()) {
    const part = {
      ...plan,
      stops: plan.stops.slice(segment, segment + 2),
      segments: [plan.segments[segment]],
    }
    const stops = await resolveStops(part, (source) => resolveLatent(cache.latents, job, source, decodeOf()))
    for (let index = 0; index <= frames; index++) {
      await collectFrames(cache, job, [planFrame(part, stops, index)], { settings: decodeOf() })
    }
  }
}

const decodeOf = () => filmOf([picture('a'), picture('b')], { path: 'x', format: 'gif' }).decode

it('reuses all frames that are final on the stage, in every format (would catch an export that decodes them again)', async () => {
  const folder = emptyFolder()
  const cache = createRenderCache()
  const stops = samples.map(picture)
  let evaluations = 0
  const job = await jobOn(tinyModel, { onEvaluation: (pictures) => (evaluations += pictures) })
  const film = (format: string) => filmOf(stops, { path: join(folder, `film.${format}`), format })
  for (const { picture: source } of stops) {
    const model = film('gif').model
    const request = { model, picture: source, encode: steps, decode: steps }
    await encodeAndMeasure(cache.latents, job, engineRoutes['latent.encode'].input.parse(request))
  }
  evaluations = 0
  await showOnStage(cache, job, film('gif').plan)
  // Two segments of three frames between stops that were decoded when the pictures were measured.
  expect(evaluations).toBe(2 * 3 * steps.steps)

  evaluations = 0
  const { plan, decode } = film('gif')
  const resolved = await resolveStops(plan, (source) => resolveLatent(cache.latents, job, source, decode))
  const all = Array.from({ length: countFrames(plan) }, (_, index) => planFrame(plan, resolved, index))
  for (const format of ['gif', 'apng', 'png']) await exportAnimation(cache, job, film(format))
  await collectFrames(cache, job, all, { settings: decode })
  expect(evaluations).toBe(0)
})

it('renders a frame to the same bytes alone, among others and in another batch size', async () => {
  const { plan, decode: settings } = filmOf(
    [1, 2].map((seed) => ({ kind: 'seed', seed })),
    {
      path: 'x',
      format: 'gif',
    },
  )
  const job = await jobOn(tinyModel)
  const render = async (indices: number[], batch?: number) => {
    const cache = createRenderCache()
    const stops = await resolveStops(plan, (source) => resolveLatent(cache.latents, job, source, settings))
    const planned = indices.map((index) => planFrame(plan, stops, index))
    return collectFrames(cache, job, planned, { settings, batch })
  }
  const together = await render([0, 1, 2, 3, 4], 4)
  expect(await render([2])).toEqual([together[2]])
  expect(await render([4, 2], 2)).toEqual([together[4], together[2]])
})

it('reports every step of an export (would catch a progress bar that stalls for a whole batch)', async () => {
  const told: Progress[] = []
  const context = { ...quietContext, report: (progress: Progress) => void told.push(progress) }
  const job = await jobOn(tinyModel, { context })
  const stops = [1, 2].map((seed) => ({ kind: 'seed', seed }))
  await exportAnimation(
    createRenderCache(),
    job,
    filmOf(stops, { path: join(emptyFolder(), 'a.gif'), format: 'gif' }),
  )
  const decoding = told.filter(({ phase }) => phase === 'decode').map(({ done }) => done)
  // Five frames in three steps together, and the initial report.
  expect(decoding.length).toBe(1 + 3)
  expect(decoding).toEqual([...decoding].sort((a, b) => a - b))
  expect(decoding.at(-1)).toBe(5)
  expect(told.filter(({ overall }) => overall!.etaSeconds === null).length).toBeLessThanOrEqual(1)
})

it('renders each draft once, in the requested evaluations, and apart from the final frame (would catch a draft in a film)', async () => {
  const { plan, decode: settings } = filmOf(
    [1, 2].map((seed) => ({ kind: 'seed', seed })),
    { path: 'x', format: 'gif' },
  )
  let evaluations = 0
  const job = await jobOn(tinyModel, { onEvaluation: (pictures) => (evaluations += pictures) })
  let written = 0
  const write = async () => {
    written++
  }
  const cache = createRenderCache(undefined, { read: () => Promise.resolve(null), write })
  const stops = await resolveStops(plan, (source) => resolveLatent(cache.latents, job, source, settings))
  const render = async (index: number, draftEvaluations?: number) => {
    const before = evaluations
    const frame = planFrame(plan, stops, index)
    const [png] = await collectFrames(cache, job, [frame], { settings, draftEvaluations })
    return { png, cost: evaluations - before }
  }
  const meanCost = 1
  expect((await render(1, 2)).cost).toBe(2 + meanCost)
  const draft = await render(2, 2)
  expect(draft.cost).toBe(2)
  expect(await render(2, 2)).toEqual({ ...draft, cost: 0 })
  expect(written).toBe(0)
  const final = await render(2)
  expect(final.cost).toBe(settings.steps)
  expect(final.png).not.toEqual(draft.png)
  expect(written).toBe(1)
})

it('tells how many frames had to be decoded, equal ones once (would catch a time left that counts found frames as work)', async () => {
  const handlers = createEngineHandlers({ cache: createRenderCache() })
  const ask = async (indices: number[]) => {
    const input = engineRoutes['animation.frames'].input.parse({
      model: { path: tinyModel, threads: 1 },
      plan: {
        kind: 'path',
        stops: [1, 2].map((seed) => ({ kind: 'seed', seed })),
        segments: [{ frames: 4 }],
      },
      indices,
      decode: steps,
    })
    return (await handlers['animation.frames'](input, quietContext)).decoded
  }
  expect(await ask([0, 1, 1])).toBe(2)
  expect(await ask([0, 1])).toBe(0)
  expect(await ask([0, 1, 2])).toBe(1)
})

it('reports a preview of a slow draft, but not of a quick draft or a final frame (would catch a stage that waits for slow drafts)', async () => {
  const told: Progress[] = []
  const context = { ...quietContext, report: (progress: Progress) => void told.push(progress) }
  const handlers = createEngineHandlers({ cache: createRenderCache() })
  const ask = async (input: object) => {
    told.length = 0
    const stops = [1, 2].map((seed) => ({ kind: 'seed', seed }))
    const report = await handlers['animation.frames'](
      engineRoutes['animation.frames'].input.parse({
        model: { path: tinyModel, threads: 1 },
        plan: { kind: 'path', stops, segments: [{ frames: 4 }] },
        indices: [1],
        decode: { ...steps, steps: 12 },
        ...input,
      }),
      context,
    )
    return { ...report, previews: told.filter(({ preview }) => preview).length }
  }
  let [now, pace] = [0, 0]
  vi.spyOn(performance, 'now').mockImplementation(() => (now += pace))
  expect(await ask({ draft: { evaluations: 5 } })).toMatchObject({ final: false, previews: 0 })
  pace = 100
  expect(await ask({ draft: { evaluations: 6 } })).toMatchObject({ final: false, previews: 1 })
  expect(await ask({ draft: { evaluations: 1 } })).toMatchObject({ final: false, previews: 0 })
  expect(await ask({})).toMatchObject({ final: true, previews: 0 })
  expect(await ask({ draft: { evaluations: 6 } })).toMatchObject({ final: true, previews: 0 })
  expect(await ask({ draft: { evaluations: 6, orFinal: false } })).toMatchObject({ final: false })
})

it('evaluates an expected urgent draft before a final frame (would catch a draft that waits for an evaluation)', async () => {
  const handlers = createEngineHandlers()
  const begun: string[] = []
  const ask = (name: string, input: object) =>
    handlers['animation.frames'](
      engineRoutes['animation.frames'].input.parse({
        model: { path: tinyModel, threads: 1 },
        plan: {
          kind: 'path',
          stops: [1, 2].map((seed) => ({ kind: 'seed', seed })),
          segments: [{ frames: 4 }],
        },
        indices: [1],
        decode: steps,
        ...input,
      }),
      { ...quietContext, evaluates: () => void begun.push(name) },
    )
  // The engine holds final frames back only for a moment, which is not to be spent on opening the model.
  await ask('opening', { indices: [0] })
  begun.length = 0
  await handlers['animation.expect']({}, quietContext)
  const final = ask('final', {})
  await ask('draft', { decode: { ...steps, steps: 12 }, draft: { evaluations: 6 }, urgent: true })
  expect(new Set(begun)).toEqual(new Set(['draft']))
  await final
  expect(begun.at(-1)).toBe('final')
})
