import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { readProvenance } from '#engine/animation/readProvenance'
import { decodePng } from '#engine/image/decodePng'
import { emptyFolder, exportFrames, namesIn, targetAt } from '../../../../fixtures/exportTarget'
import { noise } from '../../../../fixtures/paint'
import { dataOf, readPngChunks } from '../../../../fixtures/readPng'

const folder = emptyFolder()
const parent = emptyFolder()
const frames = [1, 2, 3].map((seed) => noise(9, 7, seed))

describe('a folder of PNG pictures', () => {
  it('contains one numbered, lossless picture per frame, each with a provenance', async () => {
    const path = join(folder, 'frames')
    const bytes = await exportFrames(targetAt(path), frames, '{"a":1}')
    expect(namesIn(path)).toEqual(['frame-0001.png', 'frame-0002.png', 'frame-0003.png'])
    const files = namesIn(path).map((name) => readFileSync(join(path, name)))
    expect(await Promise.all(files.map(decodePng))).toEqual(frames)
    expect(bytes).toBe(files.reduce((sum, file) => sum + file.length, 0))
    for (const file of files) {
      expect(dataOf(readPngChunks(file), 'iTXt').toString('latin1')).toMatch(/^Slerp Studio provenance\0/)
    }
  })

  it('carries what grows with its length once, where each frame leads to it (would catch a folder that grows with the square of its length)', async () => {
    const path = join(folder, 'long')
    const model = { id: 'm', sha256: 'a' }
    const text = JSON.stringify({ software: 'Slerp Studio', model, stops: 'stop '.repeat(20_000) })
    await exportFrames(targetAt(path), frames, text)
    const [first, second] = namesIn(path).map((name) => join(path, name))
    expect((await readProvenance(path))!.text).toBe(text)
    expect(await readProvenance(second)).toEqual({ kind: 'picture', text })
    expect(readFileSync(second).length).toBeLessThan(5_000)
    // Beside the first frame of another film it stays what it is.
    await exportFrames(
      targetAt(join(folder, 'other')),
      frames,
      JSON.stringify({ software: 'Slerp Studio', model: { id: 'o' } }),
    )
    cpSync(join(folder, 'other', basename(first)), first)
    expect((await readProvenance(second))!.text).not.toContain('"o"')
    expect(JSON.parse((await readProvenance(second))!.text)).toMatchObject({
      model,
      wholeIn: basename(first),
    })
    // Taken away from the others, a frame still tells its model.
    rmSync(first)
    expect(JSON.parse((await readProvenance(second))!.text)).toMatchObject({
      software: 'Slerp Studio',
      model,
    })
  })

  it('is never left for the provenance of a frame (would catch a frame from elsewhere that names any file)', async () => {
    const path = join(folder, 'hostile')
    await exportFrames(targetAt(path), frames, '{"a":1}')
    const text = JSON.stringify({ software: 'Slerp Studio', wholeIn: '../hostile/frame-0001.png' })
    await exportFrames(targetAt(join(folder, 'stray.png')), frames.slice(0, 1), text)
    expect((await readProvenance(join(folder, 'stray.png')))!.text).toBe(text)
  })

  it('has frame numbers with enough digits to sort by name', async () => {
    const sink = await openFrameSink(
      targetAt(join(parent, 'many')),
      { width: 9, height: 7, count: 12_345 },
      '{}',
    )
    await sink.add(frames[0])
    const [unfinished] = namesIn(parent)
    expect(namesIn(join(parent, unfinished))).toEqual(['frame-00001.png'])
    await sink.abort()
  })

  it('replaces an older sequence completely, so that no frame of a longer sequence remains', async () => {
    const path = join(folder, 'again')
    await exportFrames(targetAt(path), frames)
    await exportFrames(targetAt(path, { overwrite: true }), frames.slice(0, 1))
    expect(namesIn(path)).toEqual(['frame-0001.png'])
  })

  it('is not replaced when it contains other files', async () => {
    const path = join(folder, 'mine')
    await exportFrames(targetAt(path), frames)
    writeFileSync(join(path, 'notes.txt'), 'keep me')
    const again = exportFrames(targetAt(path, { overwrite: true }), frames)
    await expect(again).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('notes.txt'),
    })
    expect(namesIn(path)).toContain('notes.txt')
  })
})
