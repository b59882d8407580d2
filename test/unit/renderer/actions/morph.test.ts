import { beforeEach, expect, it } from 'vitest'
import { morphPair } from '../../../../src/renderer/actions/morph'
import { editPictureFit } from '../../../../src/renderer/actions/pictureEdits'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

beforeEach(() => {
  installFakeStudio({})
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
})

it('shows the film of two pictures in the morph view, even from another view', () => {
  useWorkspace().view = 'lab'
  const [first, second] = useLibrary().pictures
  morphPair([first, second])
  expect(useWorkspace().view).toBe('morph')
  expect(useTimeline().pictures).toEqual([first, second])
})

it('keeps cropping the same picture when others are added and selected (would catch a crop of the wrong picture)', () => {
  const [first] = useLibrary().pictures
  editPictureFit(first)
  const [added] = useLibrary().add([pictureInfo('c.png')])
  useLibrary().select([added.id])
  expect(useWorkspace()).toMatchObject({ dialog: 'crop', cropped: first.id })
})
