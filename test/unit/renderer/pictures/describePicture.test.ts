import { expect, it } from 'vitest'
import { describePicture } from '../../../../src/renderer/pictures/describePicture'
import { pictureInfo } from '../fakeStudio'

const info = pictureInfo('a.png')

it('names the size and the format of a picture’s file, and the part of it that is used', () => {
  expect(describePicture(info)).toBe('100 × 80 · PNG')
  expect(describePicture({ ...info, format: 'gif', more: 'frames' })).toBe('100 × 80 · GIF, first frame')
  expect(describePicture({ ...info, format: 'tiff', more: 'pages' })).toBe('100 × 80 · TIFF, first page')
})

it('leaves out what is not known of a missing file (would catch “0 × 0”)', () => {
  expect(describePicture({ ...info, width: 0, height: 0 })).toBe('PNG')
  expect(describePicture({ ...info, width: 0, height: 0, format: '' })).toBe('')
})
