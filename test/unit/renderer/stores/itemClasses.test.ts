import { describe, expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { latentOf, pictureLatentOf } from '#shared/documentLatents'
import { newPicture } from '../../../../src/renderer/stores/library'
import { pictureInfo } from '../fakeStudio'

const { encode } = emptyDocument()
const picture = newPicture(pictureInfo('a.png'))

describe('the class of an item’s latent', () => {
  it.each([
    ['none for an unconditional model, whatever was chosen before', 3, null, undefined],
    ['the first where none was chosen', undefined, 10, 0],
    ['the one that was chosen', 3, 10, 3],
    ['the last where the model has fewer', 30, 10, 9],
    ['what was chosen where no model is at hand', 3, undefined, 3],
  ])('is %s', (_, chosen, classes, expected) => {
    expect(pictureLatentOf({ ...picture, class: chosen }, { encode, classes }).class).toBe(expected)
    const seed = { id: 's', name: 'seed', kind: 'seed' as const, seed: 1, class: chosen }
    expect(latentOf(seed, { encode, classes, byId: new Map() })).toMatchObject({ class: expected })
  })

  it('is not set for a latent file, which stores its class itself (would catch the first class in its place)', () => {
    const file = { id: 'f', name: 'file', kind: 'file' as const, path: '/a.safetensors', sha256: '' }
    expect(latentOf(file, { encode, classes: 10, byId: new Map() })).toMatchObject({ class: undefined })
  })
})
