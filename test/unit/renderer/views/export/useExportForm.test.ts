import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import {
  supportedVideo,
  type VideoChoice,
  type VideoShape,
} from '../../../../../src/renderer/export/videoCodecs'
import { useModel } from '../../../../../src/renderer/stores/model'
import { useWorkspace } from '../../../../../src/renderer/stores/workspace'
import { useExportForm } from '../../../../../src/renderer/views/export/useExportForm'
import { installFakeStudio, modelInfo } from '../../fakeStudio'

vi.mock('../../../../../src/renderer/export/videoCodecs', async (original) => ({
  ...(await original<object>()),
  supportedVideo: vi.fn(),
}))

const h264: VideoChoice = { codec: 'avc', format: 'mp4', name: 'MP4 · H.264', purpose: 'For all' }
/** The encoders' pending answers, by the width they were asked for. */
let asked: Map<number, (able: VideoChoice[]) => void>
let form: ReturnType<typeof useExportForm>

beforeEach(async () => {
  installFakeStudio({})
  asked = new Map()
  vi.mocked(supportedVideo).mockImplementation(
    ({ width }: VideoShape) => new Promise((answer) => asked.set(width, answer)),
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
