import { expect, it } from 'vitest'
import { presets } from '#shared/presets'
import { describeVideo } from '../../../../../src/renderer/views/export/videoRecipe'
import { modelInfo, pictureInfo } from '../../fakeStudio'

it('names sources by hash and keeps every path on the disk out of a file that is passed on', () => {
  const { encode, decode } = presets[0]
  const recipe = describeVideo({
    model: { ...modelInfo, scheduleHash: 's', numTrainTimesteps: 1000 },
    plan: {
      kind: 'path',
      stops: [{ kind: 'seed', seed: 1 }],
      segments: [{ frames: 3, easing: 'linear', interpolation: 'slerp' }],
    },
    pictures: [
      { id: '1', info: pictureInfo('a.png'), name: 'A', fit: { mode: 'cover' }, restandardise: false },
    ],
    encode,
    decode,
    options: { fps: 20, scale: 2, loop: 'once', quality: 80 },
    compute: null,
  })
  expect(recipe).not.toContain('/pictures')
  expect(recipe).not.toContain('/models')
  expect(JSON.parse(recipe)).toMatchObject({
    model: { sha256: 'hash of m' },
    stops: [{ source: { name: 'a.png', sha256: 'hash of a.png' }, endTimestep: 999 }],
    decode: { steps: decode.steps },
  })
})
