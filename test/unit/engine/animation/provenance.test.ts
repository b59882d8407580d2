import { expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { unconditional } from '#engine/model/network/condition'
import { numericsVersion } from '#engine/job/resultVersions'
import { describeFrames, describeProvenance } from '#engine/animation/provenance'
import type { ResolvedLatent } from '#engine/latent/ResolvedLatent'
import { sampleReport } from '../latent/sampleLatent'

type Model = Parameters<typeof describeProvenance>[0]
type Request = Parameters<typeof describeProvenance>[1]

const model = { info: { id: 'm', sha256: 'a', scheduleHash: 'b' }, compute: sampleReport.compute } as Model
const request = {
  plan: { kind: 'list', latents: [] },
  decode: { steps: 4 },
  target: { format: 'gif', fps: 20, scale: 1, enlargement: 'lanczos', repeat: 'forever', quality: 90 },
  batch: 8,
} as unknown as Request

function stopOf(value: number, previousState?: number): ResolvedLatent {
  const at = (x: number, timestep: number) => ({
    x: createTensor([1, 1, 1, 1], Float32Array.of(x)),
    timestep,
  })
  const latent = {
    ...at(value, 999),
    previousState: previousState === undefined ? undefined : at(previousState, 990),
  }
  return { key: 'same', latent, condition: unconditional, report: sampleReport }
}

/** No sources, and no frames of a project. */
const computedHere = { sources: [], fromProject: 0 }

const provenanceOf = (stop: ResolvedLatent) => describeProvenance(model, request, [stop], computedHere)

it('does not change when the device splits each batch in half, so that existing frames are kept', () => {
  const half = { ...model, compute: { ...model.compute, parts: 2 } } as Model
  expect(describeProvenance(half, request, [], computedHere)).toBe(
    describeProvenance(model, request, [], computedHere),
  )
})

it('names the commit of a published model, but allows a resume with the same files from elsewhere', () => {
  const hub = { repository: 'google/ddpm-cat-256', commit: 'a30605d' }
  const published = { ...model, info: { ...model.info, hub } } as Model
  expect(JSON.parse(describeProvenance(published, request, [], computedHere))).toMatchObject({ hub })
  expect(JSON.parse(describeProvenance(model, request, [], computedHere))).not.toHaveProperty('hub')
  expect(describeFrames(published, request, [])).toBe(describeFrames(model, request, []))
})

it('says how the model was read where not as its configuration says', () => {
  const reading = { prediction: 'v_prediction' as const }
  const changed = { ...model, info: { ...model.info, reading } } as Model
  expect(JSON.parse(describeProvenance(changed, request, [], computedHere))).toMatchObject({ reading })
  expect(JSON.parse(describeProvenance(model, request, [], computedHere))).not.toHaveProperty('reading')
})

it('distinguishes different latents of the same picture (would catch an export resumed with frames of another crop)', () => {
  expect(provenanceOf(stopOf(0.5))).toBe(provenanceOf(stopOf(0.5)))
  expect(provenanceOf(stopOf(0.5))).not.toBe(provenanceOf(stopOf(0.25)))
  expect(provenanceOf(stopOf(0.5, 1))).not.toBe(provenanceOf(stopOf(0.5, 2)))
})

it('records the frame rate, which does not affect the identity of the frames (would catch an output without its fps)', () => {
  const slow = { ...request, target: { ...request.target, fps: 10 } }
  expect(JSON.parse(describeProvenance(model, slow, [], computedHere)).target.fps).toBe(10)
  expect(describeFrames(model, slow, [])).toBe(describeFrames(model, request, []))
  const longer = { ...request, decode: { ...request.decode, steps: 8 } }
  expect(describeFrames(model, longer, [])).not.toBe(describeFrames(model, request, []))
})

it('tells frames of other numerics apart (would catch an export resumed after an update that computes otherwise)', () => {
  expect(JSON.parse(describeFrames(model, request, []))).toMatchObject({ numericsVersion })
})

it('tells frames of other readings of a text apart (would catch an export resumed after an update of the tokenizer)', () => {
  const withTexts = { ...model, texts: {} } as Model
  expect(describeFrames(withTexts, request, [])).not.toBe(describeFrames(model, request, []))
})

it('records which frames are shown, unless all are, and still allows a resume (would catch two stills that record the same)', () => {
  const seeds = Array.from({ length: 9 }, (_, seed) => ({ kind: 'seed' as const, seed }))
  const shown = (more: Partial<Request['target']>) => {
    const part = {
      ...request,
      plan: { kind: 'list', latents: seeds },
      target: { ...request.target, ...more },
    }
    const { target } = JSON.parse(describeProvenance(model, part as Request, [], computedHere))
    return { target, frames: describeFrames(model, part as Request, []) }
  }
  const whole = shown({})
  expect(whole.target).not.toHaveProperty('range')
  expect(shown({ range: { start: 0, end: 8 } }).target).toEqual(whole.target)
  const part = shown({ range: { start: 3, end: 20 } })
  expect(part.target).toEqual({ ...whole.target, range: { start: 3, end: 8 } })
  expect(shown({ format: 'still', frame: 2 }).target).toEqual({ ...whole.target, frame: 2 })
  // The middle one of the range.
  const still = shown({ format: 'still', range: { start: 2, end: 6 } })
  expect(still.target).toEqual({ ...whole.target, frame: 4 })
  for (const { frames } of [part, still]) expect(frames).toBe(whole.frames)
})

it('names no device for the frames of a project, which may come from any (would catch a CPU that computed none of them)', () => {
  const seeds = Array.from({ length: 4 }, (_, seed) => ({ kind: 'seed' as const, seed }))
  const film = { ...request, plan: { kind: 'list', latents: seeds } } as Request
  const recorded = (fromProject: number) =>
    JSON.parse(describeProvenance(model, film, [], { sources: [], fromProject }))
  expect(recorded(0).compute).toMatchObject({ provider: sampleReport.compute!.provider })
  expect(recorded(0)).not.toHaveProperty('framesFromProject')
  expect(recorded(3)).toMatchObject({
    framesFromProject: 3,
    compute: { provider: sampleReport.compute!.provider },
  })
  expect(recorded(4)).toMatchObject({ framesFromProject: 4, compute: null })
})

it('names the device for the frames of a project if it encoded their pictures too (would catch a film that is another file after a move)', () => {
  const seeds = Array.from({ length: 4 }, (_, seed) => ({ kind: 'seed' as const, seed }))
  const film = { ...request, plan: { kind: 'list', latents: seeds } } as Request
  const encodedBy = (threads: number): ResolvedLatent => {
    const stop = stopOf(0.5)
    const compute = { ...model.compute, threads }
    return { ...stop, report: { ...stop.report, encode: sampleReport.encode, compute } }
  }
  const recorded = (threads: number, fromProject: number) =>
    describeProvenance(model, film, [encodedBy(threads)], { sources: [], fromProject })
  const { threads } = model.compute
  expect(recorded(threads, 4)).toBe(recorded(threads, 0))
  expect(JSON.parse(recorded(threads + 1, 4))).toMatchObject({ framesFromProject: 4, compute: null })
})
