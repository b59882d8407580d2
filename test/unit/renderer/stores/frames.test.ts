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
let encode: (input: { picture: { path: string } }) => unknown
const settle = () => vi.advanceTimersByTimeAsync(0)

function answerFrames(input: FramesInput, call: Call): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { indices, draft, urgent: isUrgent = false } = input
    const answered = indices.map((index) => new Uint8Array([index]))
    const answer = () => resolve({ frames: answered, seconds: 0.1, batch: 1, final: !draft })
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
    'latent.encode': (input: { picture: { path: string } }) => encode(input),
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
  it('shows the reconstructions at the stops without requesting them (would catch a draft or a neighbouring frame in their place)', async () => {
    expect([0, 19].map(frames.kept.qualityAt)).toEqual(['final', 'final'])
    expect(pending.flatMap(({ indices }) => indices)).not.toContain(0)
  })

  it('renders a stop whose prompt was changed instead of showing its reconstruction (would catch a prompt edit that never shows)', async () => {
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

  it('keeps each reconstruction under the frame of its own picture when stops are removed while they are decoded (would catch one that stays under another picture’s frame)', async () => {
    const timeline = useTimeline()
    const names = ['c.png', 'd.png', 'e.png', 'f.png', 'g.png']
    // A reconstruction is known by the length of its file.
    const lengthOf = (path: string) => 1 + names.findIndex((name) => path.endsWith(name))
    encode = ({ picture }) => ({ reconstructionPng: new Uint8Array(lengthOf(picture.path)) })
    const decoding: (() => void)[] = []
    vi.stubGlobal('createImageBitmap', ({ size }: Blob) => {
      const bitmap = { width: size, height: 1, close: () => undefined }
      return new Promise((resolve) => decoding.push(() => resolve(bitmap)))
    })
    timeline.clear()
    const pictures = useLibrary().add(names.map(pictureInfo))
    useEncoding().enqueue(pictures)
    await settle()
    timeline.insert(pictures.map(({ id }) => id))
    await settle()
    expect(decoding).not.toEqual([])
    timeline.remove(0)
    timeline.remove(0)
    await settle()
    // The round that began before the removal ends first.
    for (let done = decoding.shift(); done; done = decoding.pop()) {
      done()
      await settle()
    }
    const shown = timeline.stopsAt.map((at) => frames.kept.frameAt(at)?.bitmap.width)
    expect(shown).toEqual([3, 4, 5])
  })

  it('requests the frame under the playhead first, alone and as a draft, and then refines it', async () => {
    expect(pending.map(({ indices, quality }) => [indices, quality])).toEqual([[[3], 'draft']])
    pending[0].answer()
    await settle()
    expect(frames.kept.qualityAt(3)).toBe('draft')
    expect(pending[1]).toMatchObject({ indices: [3], quality: 'final' })
  })

  it('marks only the draft under the playhead as urgent', async () => {
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

  it('drops the running request when the playhead jumps, and drafts the frame at the new position', async () => {
    usePlayer().seek(12)
    await settle()
    expect(pending.at(-1)).toMatchObject({ indices: [12], quality: 'draft' })
  })

  it('shows the live preview of a draft, and drops it when the model changes (would catch a preview from another film)', async () => {
    const preview = new Uint8Array([3])
    pending[0].progress({ phase: 'decode', done: 0.5, total: 1, etaSeconds: null, preview })
    await settle()
    expect(frames.rough).toMatchObject({ index: 3 })
    expect(frames.kept.qualityAt(3)).toBeNull()
    useModel().info = { ...modelInfo, sha256: 'another' }
    await settle()
    expect(frames.rough).toBeNull()
  })

  it('drops the preview of a draft that fails, and shows none that comes late (would catch a caption that says “sharpening” for good)', async () => {
    const preview = new Uint8Array([3])
    const report = () =>
      pending[0].progress({ phase: 'decode', done: 0.5, total: 1, etaSeconds: null, preview })
    report()
    await settle()
    const close = vi.spyOn(frames.rough!.bitmap, 'close')
    let showLate: (() => void) | undefined
    const bitmap = { width: 1, height: 1, close: () => undefined }
    vi.stubGlobal('createImageBitmap', () => new Promise((show) => (showLate = () => show(bitmap))))
    report()
    pending[0].fail()
    await settle()
    expect(frames.rough).toBeNull()
    expect(close).toHaveBeenCalledOnce()
    showLate!()
    await settle()
    expect(frames.rough).toBeNull()
  })

  it('shows no preview of a cancelled draft', async () => {
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

  it('requests the next frame before the cancelled request has ended (would catch a playhead that waits for the cancelled request)', async () => {
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

  it('renders again after a film was cleared during rendering and restored (would catch an error that stops rendering for good)', async () => {
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

  it('has only one request running at a time, and stops once all frames are final', async () => {
    for (let round = 0; round < 60 && pending.length > round; round++) {
      expect(pending.length).toBe(round + 1)
      pending[round].answer()
      await settle()
    }
    const all = Array.from({ length: 20 }, (_unused, index) => frames.kept.qualityAt(index))
    expect(new Set(all)).toEqual(new Set(['final']))
  })

  it('shows the nearest rendered frame until the right one is ready', async () => {
    pending[0].answer()
    await settle()
    expect(frames.kept.frameAt(9)).toBeUndefined()
    expect(frames.kept.nearest(9)).toMatchObject({ ...frames.kept.frameAt(3), index: 3 })
  })

  it('drops the previous model’s frames and raises the version that views watch (would catch a stale ribbon)', async () => {
    pending[0].answer()
    await settle()
    const { version } = frames
    useModel().info = { ...modelInfo, sha256: 'another' }
    await settle()
    expect(frames.kept.frameAt(3)).toBeUndefined()
    expect(frames.version).toBeGreaterThan(version)
  })

  it('knows which frames still lack an encoded picture', async () => {
    const [unknown] = useLibrary().add([pictureInfo('c.png')])
    useTimeline().insert([unknown.id])
    expect([0, 18].map(frames.isReady)).toEqual([true, true])
    expect([20, 38].map(frames.isReady)).toEqual([false, false])
  })

  it('stops after a failure instead of failing repeatedly, and continues when asked', async () => {
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

  it('leaves repeating a request after an engine restart to the client (would catch an engine crashed again and again)', async () => {
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

  it('leaves the processor to encoding: renders only the shown frame at rest, and only drafts while playing', async () => {
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
