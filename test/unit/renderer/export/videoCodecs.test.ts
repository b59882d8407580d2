import { expect, it } from 'vitest'
import { exportFormat } from '#shared/exportFormats'
import { bitrateOf, videoCodecs } from '../../../../src/renderer/export/videoCodecs'

const shape = { width: 1280, height: 720, fps: 30 }
const pixels = shape.width * shape.height * shape.fps
const choiceOf = (codec: string) => videoCodecs.find((one) => one.codec === codec)!

it.each(videoCodecs.filter(({ codec }) => codec !== 'av1'))(
  'gives $name the bits of its own format (would catch a WebM that reads the row of MP4)',
  (choice) => {
    for (const quality of [1, 60, 100]) {
      const wanted = exportFormat(choice.format).bitsPerPixel(quality)
      expect(bitrateOf(choice, shape, quality) / pixels / wanted).toBeCloseTo(1, 3)
    }
  },
)

it('gives AV1 fewer bits than any other codec, as it is said to make the smallest file', () => {
  const bits = videoCodecs.map((choice) => bitrateOf(choice, shape, 80))
  expect(Math.min(...bits)).toBe(bitrateOf(choiceOf('av1'), shape, 80))
  expect(bits.filter((one) => one === Math.min(...bits))).toHaveLength(1)
})
