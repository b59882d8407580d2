import { expect, it, vi } from 'vitest'
import type { ModelRow } from '#shared/models'
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
    const use = { evaluationMilliseconds: 1000, psnr: null, pictures: 0, device: null }
    const told = useSwitchCost()({ use, cleanTimestep } as ModelRow)
    expect(told).toContain(`2 pictures have to be encoded anew: ${takes}.`)
  },
)
