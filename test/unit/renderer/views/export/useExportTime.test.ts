import { expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useModel } from '../../../../../src/renderer/stores/model'
import { usePace } from '../../../../../src/renderer/stores/pace'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useWorkspace } from '../../../../../src/renderer/stores/workspace'
import { useExportForm } from '../../../../../src/renderer/views/export/useExportForm'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../../fakeStudio'

vi.mock('../../../../../src/renderer/export/videoCodecs', async (original) => ({
  ...(await original<object>()),
  supportedVideo: async () => [],
}))

it('times a model only once, even if the timing fails (would catch a window that keeps asking a lost server)', async () => {
  const studio = installFakeStudio({
    'animation.frames': () => {
      throw failure('SERVER_FAILED')
    },
  })
  useModel().info = modelInfo
  const pictures = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useTimeline().insert(pictures.map(({ id }) => id))
  const form = effectScope().run(useExportForm)!
  expect(studio.calls).toHaveLength(0)
  useWorkspace().dialog = 'export'
  await vi.waitFor(() => expect(studio.calls).toHaveLength(1))
  await vi.waitFor(() => expect(usePace().timing).toBe(false))
  await new Promise((settle) => setTimeout(settle, 20))
  expect(studio.calls).toHaveLength(1)
  expect(form.summary.value).toContain('time not known yet')
})
