import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { openPicture } from '#engine/image/decodePicture'
import { emptyFolder, exportFrames, targetAt } from '../../../../fixtures/exportTarget'
import { gradient, paint } from '../../../../fixtures/paint'
import { readGif } from '../../../../fixtures/readGif'

const folder = emptyFolder()

async function exportGif(name: string, options: Parameters<typeof targetAt>[1], provenance = '{}') {
  const frames = Array.from({ length: 7 }, (_, i) => gradient(33, 18, i / 5))
  const path = join(folder, name)
  const bytes = await exportFrames(targetAt(path, options), frames, provenance)
  const file = readFileSync(path)
  expect(bytes).toBe(file.length)
  return { gif: readGif(file), frames, path }
}

describe('a GIF', () => {
  it('contains every frame at its size, with colours close to the originals', async () => {
    const { gif, frames } = await exportGif('frames.gif', {})
    expect(gif).toMatchObject({ width: 33, height: 18 })
    expect(gif.frames).toHaveLength(7)
    gif.frames.forEach(({ rgb }, i) => {
      let sum = 0
      for (let p = 0; p < 33 * 18 * 3; p++) {
        sum += (rgb[p] - frames[i].data[Math.floor(p / 3) * 4 + (p % 3)]) ** 2
      }
      expect(Math.sqrt(sum / rgb.length)).toBeLessThan(6)
    })
  })

  it('has the duration given by its frame rate', async () => {
    const { gif } = await exportGif('time.gif', { fps: 30 })
    // 7 / 30 s = 23.3 hundredths.
    expect(gif.frames.reduce((sum, { delay }) => sum + delay, 0)).toBe(23)
  })

  it('repeats for ever or plays once, as requested', async () => {
    expect((await exportGif('loop.gif', { repeat: 'forever' })).gif.repeat).toBe(0)
    expect((await exportGif('once.gif', { repeat: 'once' })).gif.repeat).toBeNull()
  })

  it('stores a provenance of any length and script in its comment', async () => {
    const provenance = { name: 'Äpfel 🍎', list: Array.from({ length: 300 }, (_, i) => i) }
    const { gif } = await exportGif('provenance.gif', {}, JSON.stringify(provenance))
    expect(JSON.parse(gif.comment)).toEqual(provenance)
  })

  it('has a first frame that another decoder reads identically', async () => {
    const { path, gif } = await exportGif('decoded.gif', {})
    const { data } = await openPicture(path)
    expect([...data.filter((_, i) => i % 4 !== 3)]).toEqual([...gif.frames[0].rgb])
  })

  it('keeps the exact colours of a picture that has few', async () => {
    const flag = paint(12, 9, (x) =>
      x < 4 ? [0, 0, 255, 255] : x < 8 ? [255, 255, 255, 255] : [255, 0, 1, 255],
    )
    await exportFrames(targetAt(join(folder, 'flag.gif')), [flag])
    const [{ rgb }] = readGif(readFileSync(join(folder, 'flag.gif'))).frames
    expect([...rgb]).toEqual([...flag.data.filter((_, i) => i % 4 !== 3)])
  })

  it('refuses frame rates that players would slow down to ten frames per second', async () => {
    const target = targetAt(join(folder, 'fast.gif'), { fps: 60 })
    await expect(openFrameSink(target, { width: 8, height: 8, count: 1 }, '')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('50'),
    })
  })
})
