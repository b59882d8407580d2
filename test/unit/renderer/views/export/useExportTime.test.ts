import { expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { engineChoices, type ExportOptions } from '../../../../../src/renderer/export/exportChoice'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useModel } from '../../../../../src/renderer/stores/model'
import { usePace } from '../../../../../src/renderer/stores/pace'
import { useSettings } from '../../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useWorkspace } from '../../../../../src/renderer/stores/workspace'
import { useExportForm } from '../../../../../src/renderer/views/export/useExportForm'
import { useExportTime } from '../../../../../src/renderer/views/export/useExportTime'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../../fakeStudio'

vi.mock('../../../../../src/renderer/export/videoCodecs', async (original) => ({
  ...(await original<object>()),
  supportedVideo: async () => [],
}))

it('times a model only once, even if the timing fails (would catch a window that keeps asking a lost server)', async () => {
  const studio = installFakeStudio({
    'model.pace': () => {
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

it('estimates pictures one by one and frames in batches, each with its decoding, and the enlargement', async () => {
  installFakeStudio({
    'model.pace': () => ({
      secondsPerEvaluation: 3,
      secondsPerBatchedEvaluation: 2,
      secondsPerDecoding: 5,
    }),
  })
  useModel().info = modelInfo
  const pictures = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useTimeline().insert(pictures.map(({ id }) => id))
  useTimeline().change(0, { frames: 10 })
  const settings = useSettings()
  settings.encode = { ...settings.encode, solver: 'ddim', steps: 7 }
  settings.decode = { ...settings.decode, solver: 'ddim', steps: 4 }
  const gif = engineChoices.find(({ id }) => id === 'gif')!
  const options = { repeat: 'once' } as ExportOptions
  const range = ref({ start: 0, end: 10 })
  const time = effectScope().run(() =>
    useExportTime(ref({ width: 256, height: 256 }), ref(gif), options, range),
  )!
  expect(time.seconds.value).toBeNull()
  await usePace().measure()
  // Two pictures of 7 + 4 evaluations, which the autoencoder encodes once and decodes twice, once to be measured alone;
  // 11 frames of 4; 11 frames of 256 x 256 pixels at .4 s a megapixel.
  const expected = 2 * (11 * 3 + 3 * 5) + 11 * (4 * 2 + 5) + (11 * 256 * 256 * 0.4) / 1e6
  expect(time.seconds.value).toBeCloseTo(expected, 6)
})

it('counts what a film repeats once, and the pictures of its mixes (would catch a held second that is estimated as 21 frames)', async () => {
  installFakeStudio({
    'model.pace': () => ({ secondsPerEvaluation: 3, secondsPerBatchedEvaluation: 2, secondsPerDecoding: 5 }),
  })
  useModel().info = modelInfo
  const [a, b] = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  const parts = [a, b].map(({ id }) => ({ source: id, weight: 1 }))
  useLibrary().addLatents([
    { kind: 'mix', id: 'mix', name: 'Mix', parts },
    { kind: 'walk', id: 'walk', name: 'Walk', around: 'mix', seed: 1, angle: 30, turn: 0 },
  ])
  // Two holds and a loop: the film shows only the picture A, the mix and the walk around it.
  useTimeline().insert([a.id, a.id, 'mix', 'walk'])
  useTimeline().close(true)
  for (const at of [0, 1, 2, 3]) useTimeline().change(at, { frames: 10, easing: 'hold' })
  const settings = useSettings()
  settings.encode = { ...settings.encode, solver: 'ddim', steps: 7 }
  settings.decode = { ...settings.decode, solver: 'ddim', steps: 4 }
  const time = effectScope().run(() =>
    useExportTime(
      ref({ width: 0, height: 0 }),
      ref(engineChoices.find(({ id }) => id === 'gif')!),
      { repeat: 'once' } as ExportOptions,
      ref({ start: 0, end: 39 }),
    ),
  )!
  await usePace().measure()
  // A is encoded in 7 evaluations and decoded in 4, B only encoded; 3 pictures of 4 evaluations are decoded for frames.
  expect(time.seconds.value).toBe((7 + 4) * 3 + 3 * 5 + (7 * 3 + 5) + 3 * (4 * 2 + 5))
})

it('doubles the evaluations of frames that guidance leads to another prompt (would catch half the true time)', async () => {
  installFakeStudio({
    'model.pace': () => ({ secondsPerEvaluation: 3, secondsPerBatchedEvaluation: 2, secondsPerDecoding: 0 }),
  })
  useModel().info = { ...modelInfo, takesPrompts: true, classes: null }
  useLibrary().addLatents(
    [1, 2].map((seed) => ({ id: `${seed}`, name: 'Seed', kind: 'seed', seed, prompt: 'a pear' })),
  )
  useTimeline().insert(['1', '2'])
  useTimeline().change(0, { frames: 10 })
  const settings = useSettings()
  const time = effectScope().run(() =>
    useExportTime(
      ref({ width: 0, height: 0 }),
      ref(engineChoices.find(({ id }) => id === 'gif')!),
      { repeat: 'once' } as ExportOptions,
      ref({ start: 0, end: 10 }),
    ),
  )!
  await usePace().measure()
  settings.decode = { ...settings.decode, solver: 'ddim', steps: 4 }
  expect(time.seconds.value).toBe(11 * 4 * 2)
  settings.decode = { ...settings.decode, guidance: 7.5 }
  expect(time.seconds.value).toBe(2 * 11 * 4 * 2)
})
