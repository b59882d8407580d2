import { readdirSync } from 'node:fs'
import { beforeEach, expect, it } from 'vitest'
import { morphPair, suggestedPair } from '../../../../src/renderer/actions/morph'
import { editPictureFit } from '../../../../src/renderer/actions/pictureEdits'
import { useLibrary, type Picture } from '../../../../src/renderer/stores/library'
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

it('suggests a green apple and a red tomato of the samples, and of other pictures the first two', () => {
  const [a, b] = useLibrary().pictures
  expect(suggestedPair([a, b], [])).toEqual([a, b])
  useLibrary().add(readdirSync('resources/samples').sort().map(pictureInfo))
  const names = (selected: Picture[]) =>
    suggestedPair(useLibrary().pictures, selected)?.map(({ info }) => info.name)
  expect(names([])).toEqual(['apple-granny-smith.webp', 'tomato-cherry-red.webp'])
  expect(names([b])).toEqual(['b.png', 'tomato-cherry-red.webp'])
  expect(names([b, a])).toEqual(['b.png', 'a.png'])
})
