import { expect, it, vi } from 'vitest'
import { modelUse, type ModelRow } from '#shared/models'
import { presetFor } from '#shared/presets'
import type { EncodeReport } from '#shared/reports'
import { useEncoding } from '../../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { useModel } from '../../../../../src/renderer/stores/model'
import { useSettings } from '../../../../../src/renderer/stores/settings'
import { useSwitchCost } from '../../../../../src/renderer/views/models/useSwitchCost'
import { installFakeStudio, modelInfo, pictureInfo } from '../../fakeStudio'

it.each([
  // Two pictures of 7 evaluations to encode each, and 2 x 4 - 1 or 2 x 4 to decode, of 1 s.
  [-1, 'about 28 s'],
  [0, 'about 30 s'],
])(
  'counts encoding and decoding with the settings of each, and the schedule of the model: clean at %i (would catch one evaluation too few)',
  (cleanTimestep, takes) => {
    installFakeStudio({})
    useModel().info = modelInfo
    useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
    const settings = useSettings()
    settings.encode = { ...settings.encode, solver: 'ddim', steps: 7 }
    settings.decode = { ...settings.decode, solver: 'heun', steps: 4 }
    vi.spyOn(useEncoding(), 'reportOf').mockReturnValue({} as EncodeReport)
    const use = modelUse.parse({ evaluationMilliseconds: 1000, psnr: null, pictures: 0, device: null })
    const told = useSwitchCost()({ use, cleanTimestep, presetKind: 'pixels' } as ModelRow)
    expect(told).toContain('Pictures, timeline and settings stay as they are.')
    expect(told).toContain(`2 pictures have to be encoded again: ${takes}.`)
  },
)

it('counts with the preset that takes the place of the one in use, and names it (would catch the steps of the open model)', () => {
  installFakeStudio({})
  useModel().info = modelInfo
  useLibrary().add([pictureInfo('a.png')])
  useSettings().apply(presetFor('pixels', 'draft'))
  vi.spyOn(useEncoding(), 'reportOf').mockReturnValue({} as EncodeReport)
  const use = modelUse.parse({ evaluationMilliseconds: 1000, psnr: null, pictures: 0, device: null })
  const sentenceFor = (presetKind: ModelRow['presetKind']) =>
    useSwitchCost()({ use, cleanTimestep: -1, presetKind } as ModelRow)
  // Drafts encode codes with 20 evaluations and decode them with 14; along straight paths, 16 and 7 are enough.
  expect(sentenceFor('codes')).toBe(
    'Pictures and timeline stay as they are. Quality stays Draft, which takes 20 + 14 model evaluations with this model. 1 picture has to be encoded again: about 34 s.',
  )
  expect(sentenceFor('straightCodes')).toContain('Draft, which takes 16 + 7 model evaluations')
  expect(sentenceFor('straightCodes')).toContain('encoded again: about 23 s.')
  use.decodingMilliseconds = 5000
  expect(sentenceFor('straightCodes')).toContain('encoded again: about 38 s.')
})
