import { beforeEach, describe, expect, it, vi } from 'vitest'
import { writeStopPrompt } from '../../../../src/renderer/actions/stops'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useFrames } from '../../../../src/renderer/stores/frames'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePlayer } from '../../../../src/renderer/stores/player'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'

interface FramesInput {
  indices: number[]
  draft?: { evaluations: number }
  urgent?: boolean
}

interface Pending {
  indices: number[]
  quality: 'draft' | 'final'
  isUrgent: boolean
  answer: () => void
  fail: () => void
  progress: Call['progress']
}

let pending: Pending[]
/** Whether the engine continues with cancelled work. */
let studio: { isDeaf: boolean }
let frames: ReturnType<typeof useFrames>
let encode: () => unknown
const settle = () => vi.advanceTimersByTimeAsync(0)

function answerFrames(input: FramesInput, call: Call): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { indices, draft, urgent: isUrgent = false } = input
    const frames = indices.map((index) => new Uint8Array([index]))
    const answer = () => resolve({ frames, seconds: 0.1, batch: 1, final: !draft })
    const fail = () => reject(failure('NOT_FINITE'))
    pending.push({
      indices,
      quality: draft ? 'draft' : 'final',
      isUrgent,
      answer,
      fail,
      progress: call.progress,
    })
    void call.cancelled.then(() => studio.isDeaf || reject(failure('CANCELLED')))
  })
}

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('createImageBitmap', async () => ({ width: 1, height: 1, close: () => undefined }))
  pending = []
  studio = { isDeaf: false }
  encode = () => ({ fidelity: null })
  installFakeStudio({
    'animation.frames': answerFrames as never,
    'latent.encode': () => encode(),
  })
  useModel().info = modelInfo
  const pictures = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  frames = useFrames()
  useTimeline().insert(pictures.map(({ id }) => id))
  useTimeline().stretch(20)
  usePlayer().seek(3)
  useEncoding().enqueue(pictures)
  await settle()
})

describe('frames', () => {
  it('shows the reconstructions at the stops without asking for them (would catch a draft or a neighbour in their place)', async () => {
    expect([0, 19].map(frames.kept.qualityAt)).toEqual(['final', 'final'])
    expect(pending.flatMap(({ indices }) => indices)).not.toContain(0)
  })

  it('computes a stop that is led to other words, and shows no reconstruction there (would catch an edit that is never seen)', async () => {
    useModel().info = { ...modelInfo, takesPrompts: true }
    await settle()
    writeStopPrompt(0, 'a castle')
    usePlayer().seek(0)
    await settle()
    expect(frames.kept.qualityAt(0)).not.toBe('final')
    expect(pending.at(-1)?.indices).toEqual([0])
    expect(frames.kept.qualityAt(19)).toBe('final')
    writeStopPrompt(0, ' ')
    await settle()
    expect(frames.kept.qualityAt(0)).toBe('final')
  })

  it('asks for the frame under the playhead first, as a draft alone, then refines it', async () => {
    expect(pending.map(({ indices, quality }) => [indices, quality])).toEqual([[[3], 'draft']])
    pending[0].answer()
    await settle()
    expect(frames.kept.qualityAt(3)).toBe('draft')
    expect(pending[1]).toMatchObject({ indices: [3], quality: 'final' })
  })

  it('lets only the frame under the playhead come before all else', async () => {
    for (const at of [0, 1, 2]) {
      pending[at].answer()
      await settle()
    }
    const asked = pending.map(({ indices: [index], quality, isUrgent }) => ({ index, quality, isUrgent }))
    expect(asked.slice(0, 3)).toEqual([
      { index: 3, quality: 'draft', isUrgent: true },
      { index: 3, quality: 'final', isUrgent: false },
      { index: 4, quality: 'draft', isUrgent: false },
    ])
  })

  it('gives up what it computes for a frame nobody waits for when the playhead jumps', async () => {
    usePlayer().seek(12)
    await settle()
    expect(pending.at(-1)).toMatchObject({ indices: [12], quality: 'draft' })
  })

  it('shows what a draft has become so far, and lets go of it with the film (would catch a picture of another film)', async () => {
    const preview = new Uint8Array([3])
    pending[0].progress({ phase: 'decode', done: 0.5, total: 1, etaSeconds: null, preview })
    await settle()
    expect(frames.rough).toMatchObject({ index: 3 })
    expect(frames.kept.qualityAt(3)).toBeNull()
    useModel().info = { ...modelInfo, sha256: 'another' }
    await settle()
    expect(frames.rough).toBeNull()
  })

  it('shows nothing of a draft that was given up', async () => {
    usePlayer().seek(12)
    pending[0].progress({
      phase: 'decode',
      done: 0.5,
      total: 1,
      etaSeconds: null,
      preview: new Uint8Array([3]),
    })
    await settle()
    expect(frames.rough).toBeNull()
  })

  it('asks for the next frame before the one that gives way has ended (would catch a playhead that waits for it)', async () => {
    studio.isDeaf = true
    usePlayer().seek(12)
    await settle()
    expect(pending.map(({ indices }) => indices)).toEqual([[3], [12]])
    // Its late answer is kept, and does not affect what is requested.
    pending[0].answer()
    await settle()
    expect(pending).toHaveLength(2)
    expect(frames.kept.qualityAt(3)).toBe('draft')
  })

  it('lets a film go that is undone while it is rendered (would catch an error that ends rendering for good)', async () => {
    const before = useTimeline().path
    useTimeline().clear()
    await settle()
    expect(frames.isReady(3)).toBe(false)
    useTimeline().path = before
    await settle()
    expect(pending.at(-1)).toMatchObject({ quality: 'draft' })
    pending.at(-1)!.answer()
    await settle()
    expect(frames.kept.qualityAt(usePlayer().playhead)).not.toBeNull()
  })

  it('has one request under way at a time, and none at the end', async () => {
    for (let round = 0; round < 60 && pending.length > round; round++) {
      expect(pending.length).toBe(round + 1)
      pending[round].answer()
      await settle()
    }
    const all = Array.from({ length: 20 }, (_unused, index) => frames.kept.qualityAt(index))
    expect(new Set(all)).toEqual(new Set(['final']))
  })

  it('shows the nearest frame until the right one is there', async () => {
    pending[0].answer()
    await settle()
    expect(frames.kept.frameAt(9)).toBeUndefined()
    expect(frames.kept.nearest(9)).toMatchObject({ ...frames.kept.frameAt(3), index: 3 })
  })

  it('lets go of frames that another model drew, and tells what shows them (would catch a stale ribbon)', async () => {
    pending[0].answer()
    await settle()
    const { version } = frames
    useModel().info = { ...modelInfo, sha256: 'another' }
    await settle()
    expect(frames.kept.frameAt(3)).toBeUndefined()
    expect(frames.version).toBeGreaterThan(version)
  })

  it('knows frames that no picture is there for yet', async () => {
    const [unknown] = useLibrary().add([pictureInfo('c.png')])
    useTimeline().insert([unknown.id])
    expect([0, 18].map(frames.isReady)).toEqual([true, true])
    expect([20, 38].map(frames.isReady)).toEqual([false, false])
  })

  it('stops after a failure instead of failing over and over, and goes on when asked', async () => {
    pending[0].fail()
    await settle()
    usePlayer().seek(4)
    await settle()
    expect(pending.length).toBe(1)
    expect(useNotices().notices[0].code).toBe('NOT_FINITE')
    expect(frames.failure?.code).toBe('NOT_FINITE')
    useNotices().notices[0].action?.run()
    await settle()
    expect(pending.at(-1)!.indices).toEqual([4])
    expect(frames.failure).toBeNull()
  })

  it('leaves it to the client to ask a new engine again (would catch an engine that is crashed over and over)', async () => {
    for (const state of ['restarting', 'ready'] as const) {
      useModel().engine = { ...useModel().engine, state }
      await settle()
    }
    expect(pending.length).toBe(1)
    pending[0].fail()
    await settle()
    useModel().engine = { ...useModel().engine, state: 'restarting' }
    await settle()
    expect(pending.length).toBe(1)
    expect(useNotices().notices.length).toBe(1)
  })

  it('leaves the processor to encoding: at rest nothing but the frame shown, while playing drafts only', async () => {
    encode = () => new Promise(() => undefined)
    useEncoding().enqueue(useLibrary().add([pictureInfo('c.png')]))
    pending[0].answer()
    await settle()
    pending[1].answer()
    await settle()
    expect(frames.kept.qualityAt(3)).toBe('final')
    expect(pending.length).toBe(2)
    usePlayer().play()
    await settle()
    for (let round = 2; round < 8 && pending.length > round; round++) {
      pending[round].answer()
      await settle()
    }
    expect(pending.length).toBeGreaterThan(2)
    expect(new Set(pending.slice(2).map(({ quality }) => quality))).toEqual(new Set(['draft']))
  })
})
