import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LatentReport } from '#shared/reports'
import { useExplore } from '../../../../src/renderer/stores/explore'
import { useExplorePicture } from '../../../../src/renderer/stores/explorePicture'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { failure, installFakeStudio, modelInfo, type Call } from '../fakeStudio'

const seeds = [1, 2, 3].map((seed) => ({ id: `s${seed}`, name: `Seed ${seed}`, kind: 'seed' as const, seed }))

let answer: (call: Call) => unknown
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  answer = () => ({ frames: [new Uint8Array([1])], seconds: 1 })
  studio = installFakeStudio({
    'latent.info': () => ({ fidelity: null }) as LatentReport,
    'animation.frames': (_input, call) => answer(call),
  })
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width: 64, height: 64, close: () => undefined }))
  useModel().info = modelInfo
  useLibrary().addLatents(seeds)
  useLibrary().select(seeds.map(({ id }) => id))
})

const isDraft = ({ input }: Pick<Call, 'input'>) => (input as { draft?: object }).draft !== undefined
const qualitiesAsked = () =>
  studio.callsOf('animation.frames').map((call) => (isDraft(call) ? 'draft' : 'final'))

describe('the explored latent', () => {
  it('is a mix of the selected items on the pad, without items of zero weight', () => {
    const explore = useExplore()
    expect(explore.latent).toMatchObject({
      kind: 'mix',
      parts: [{ source: 's1' }, { source: 's2' }, { source: 's3' }],
    })
    explore.point = { x: 0, y: -1 }
    expect(explore.latent).toMatchObject({ kind: 'mix', parts: [{ source: 's1', weight: 1 }] })
  })

  it('is a direction once both groups have an item, and never names a principal component that does not exist', () => {
    const explore = useExplore()
    explore.mode = 'direction'
    expect(explore.latent).toBeNull()
    explore.choose('plus', [seeds[1]])
    explore.choose('minus', [seeds[2]])
    expect(explore.latent).toMatchObject({ kind: 'direction', from: 's1', plus: ['s2'], minus: ['s3'] })
    explore.kind = 'principal'
    explore.choose('of', seeds)
    explore.component = 9
    expect(explore.latent).toMatchObject({ kind: 'principal', component: 1 })
    expect(useSettings().latentOf(explore.latent!)).not.toBeNull()
  })
})

it('tells how much of each item is in a mix, also of items that share a name (would catch labels of the pad that stay)', () => {
  const explore = useExplore()
  useLibrary().rename('s2', 'Seed 1')
  explore.point = { x: 0, y: -1 }
  expect(explore.shares).toEqual([{ id: 's1', name: 'Seed 1', percent: 100 }])
  explore.point = { x: 0, y: 0 }
  expect(explore.shares.map(({ id }) => id).sort()).toEqual(['s1', 's2', 's3'])
  expect(explore.shares.map(({ percent }) => percent)).toEqual([34, 33, 33])
})

describe('the explored picture', () => {
  it('is shown as a draft at once and then refined (would catch a pad that waits for the final picture)', async () => {
    useWorkspace().view = 'explore'
    const picture = useExplorePicture()
    await vi.waitFor(() => expect(picture.shown?.quality).toBe('final'))
    expect(qualitiesAsked()).toEqual(['draft', 'final'])
    expect(picture.isCurrent).toBe(true)
  })

  it('follows the pointer: a move cancels the running refinement and requests a new draft', async () => {
    let cancelled = 0
    answer = async (call) => {
      if (!isDraft(call)) {
        await call.cancelled
        cancelled++
        throw { code: 'CANCELLED', message: '' }
      }
      return { frames: [new Uint8Array([1])], seconds: 1 }
    }
    useWorkspace().view = 'explore'
    const picture = useExplorePicture()
    await vi.waitFor(() => expect(qualitiesAsked()).toHaveLength(2))
    useExplore().point = { x: 0.2, y: 0.1 }
    await vi.waitFor(() => expect(qualitiesAsked()).toHaveLength(4))
    expect(qualitiesAsked()).toEqual(['draft', 'final', 'draft', 'final'])
    expect(cancelled).toBe(1)
    expect([picture.isCurrent, picture.failure]).toEqual([true, null])
  })

  it('is still asked for when a draft of an earlier place of the pointer fails (would catch a pad that stands still)', async () => {
    let refuse: () => void = () => undefined
    answer = () => new Promise((_resolve, reject) => (refuse = () => reject(failure('ENGINE_CRASHED'))))
    useWorkspace().view = 'explore'
    const picture = useExplorePicture()
    await vi.waitFor(() => expect(qualitiesAsked()).toEqual(['draft']))
    answer = () => ({ frames: [new Uint8Array([1])], seconds: 1 })
    useExplore().point = { x: 0.2, y: 0.1 }
    refuse()
    await vi.waitFor(() => expect(picture.shown?.quality).toBe('final'))
    expect([picture.isCurrent, picture.failure]).toEqual([true, null])
  })

  it('is not asked for again by itself when its own draft fails', async () => {
    answer = () => Promise.reject(failure('ENGINE_CRASHED') as never)
    useWorkspace().view = 'explore'
    const picture = useExplorePicture()
    await vi.waitFor(() => expect(picture.failure).toMatchObject({ code: 'ENGINE_CRASHED' }))
    expect(qualitiesAsked()).toEqual(['draft'])
  })
})
