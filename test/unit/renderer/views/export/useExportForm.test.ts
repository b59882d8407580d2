import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import {
  supportedVideo,
  videoCodecs,
  type VideoChoice,
  type VideoShape,
} from '../../../../../src/renderer/export/videoCodecs'
import { useExports } from '../../../../../src/renderer/stores/exports'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useModel } from '../../../../../src/renderer/stores/model'
import { usePlayer } from '../../../../../src/renderer/stores/player'
import { useSettings } from '../../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useWorkspace } from '../../../../../src/renderer/stores/workspace'
import { useExportForm } from '../../../../../src/renderer/views/export/useExportForm'
import { installFakeStudio, modelInfo, pictureInfo } from '../../fakeStudio'

vi.mock('../../../../../src/renderer/export/videoCodecs', async (original) => ({
  ...(await original<object>()),
  supportedVideo: vi.fn(),
}))

const [h264] = videoCodecs
/** The encoders' pending answers, by the width they were asked for. */
let asked: Map<number, (able: VideoChoice[]) => void>
let form: ReturnType<typeof useExportForm>

beforeEach(async () => {
  installFakeStudio({})
  asked = new Map()
  vi.mocked(supportedVideo).mockImplementation(
    ({ width }: VideoShape) => new Promise((resolve) => asked.set(width, resolve)),
  )
  useModel().info = modelInfo
  useWorkspace().dialog = 'export'
  form = effectScope().run(useExportForm)!
  await nextTick()
})

async function answer(width: number, able: VideoChoice[]): Promise<void> {
  asked.get(width)!(able)
  await Promise.resolve()
  await nextTick()
}

describe('the export format', () => {
  it('falls back when the chosen format is unavailable at this size, and returns once it is available', async () => {
    await answer(256, [h264])
    form.choiceId.value = form.choices.value.at(-1)!.id
    const wanted = form.choiceId.value
    expect(form.choice.value.format.id).toBe('mp4')
    form.options.scale = 16
    await nextTick()
    await answer(1024, [])
    expect(form.choiceId.value).toBe('gif')
    form.options.scale = 4
    await nextTick()
    await answer(256, [h264])
    expect(form.choiceId.value).toBe(wanted)
  })

  it('matches the size chosen last, however late an earlier answer arrives', async () => {
    form.options.scale = 16
    await nextTick()
    await answer(1024, [])
    await answer(256, [h264])
    expect(form.choices.value.map(({ format }) => format.id)).not.toContain('mp4')
  })
})

it('exports all as it was when the place was asked for, whatever changes until the answer (would catch the frames of one film with the settings of another)', async () => {
  const asking = () => {
    form.choiceId.value = 'webp'
    Object.assign(form.options, { scale: 2, fps: 7 })
    useSettings().decode = { ...useSettings().decode, steps: 9 }
    useTimeline().workArea = null
    useTimeline().insert([useLibrary().pictures[2].id])
    usePlayer().seek(1)
    useModel().info = { ...modelInfo, picture: { channels: 3, width: 128, height: 32 } }
    return '/out/film.gif'
  }
  const { callsOf } = installFakeStudio({
    'dialog.saveExport': asking,
    'animation.export': () => new Promise(() => undefined),
  })
  useModel().info = modelInfo
  const pictures = useLibrary().add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
  const timeline = useTimeline()
  timeline.insert(pictures.slice(0, 2).map(({ id }) => id))
  timeline.change(0, { frames: 10 })
  timeline.workArea = { start: 2, end: 6 }
  usePlayer().seek(5)
  useSettings().decode = { ...useSettings().decode, steps: 23 }
  form = effectScope().run(useExportForm)!
  form.choiceId.value = 'gif'
  Object.assign(form.options, { scale: 3, fps: 12, quality: 60, repeat: 'once', enlargement: 'sharp' })
  await form.save()
  expect(callsOf('animation.export')[0].input).toMatchObject({
    plan: { stops: [{}, {}], segments: [{ frames: 10 }] },
    decode: { steps: 23 },
    target: {
      path: '/out/film.gif',
      format: 'gif',
      frame: 5,
      range: { start: 2, end: 6 },
      scale: 3,
      fps: 12,
      quality: 60,
      repeat: 'once',
      enlargement: 'sharp',
    },
  })
  const [{ request: wanted }] = useExports().jobs
  expect(wanted).toMatchObject({ size: { width: 64, height: 64 }, total: 11 })
})

it.each([
  ['gif', { fps: 60 }, /50 frames a second/],
  ['webp', { fps: 100 }, /90 frames a second/],
  // 8 x 2,100 pixels are more than the 16,383 of WebP.
  ['webp', { scale: 8 }, /16,383 pixels a side/],
  ['gif', { scale: 8 }, null],
  ['png', { fps: 120 }, null],
])(
  'says before saving what %s cannot hold: %j (would catch an export that can only fail)',
  (format, options, said) => {
    useModel().info = { ...modelInfo, picture: { channels: 3, width: 2100, height: 32 } }
    form.choiceId.value = format
    Object.assign(form.options, { fps: 20, scale: 1, ...options })
    if (said === null) expect(form.obstacle.value).toBeNull()
    else expect(form.obstacle.value).toMatch(said)
  },
)

it('tells the length of the film as the timeline does (would catch 1.1 s beside 0:01.10)', () => {
  useModel().info = modelInfo
  useTimeline().insert(
    useLibrary()
      .add(['a.png', 'b.png'].map(pictureInfo))
      .map(({ id }) => id),
  )
  useTimeline().change(0, { frames: 10 })
  form.choiceId.value = 'gif'
  Object.assign(form.options, { fps: 10, repeat: 'once' })
  expect(form.summary.value).toContain('11 frames, 0:01.10 ')
})
