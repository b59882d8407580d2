import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { emptyFolder, exportFrames, namesIn, targetAt } from '../../../../fixtures/exportTarget'
import { noise } from '../../../../fixtures/paint'

const frame = noise(8, 6)
const layout = { width: 8, height: 6, count: 2 }
const root = emptyFolder()

function freshFolder(name: string): string {
  mkdirSync(join(root, name))
  return join(root, name)
}

describe.each(['frames', 'sheet.png', 'a.gif', 'a.webp', 'a.apng'])('the frame sink for %s', (name) => {
  it('publishes its output only when it is finished, and leaves no other files', async () => {
    const folder = freshFolder(`whole-${name}`)
    const sink = await openFrameSink(targetAt(join(folder, name)), layout, '{}')
    await sink.add(frame)
    await sink.add(frame)
    expect(namesIn(folder)).not.toContain(name)
    const { bytes } = await sink.finish()
    expect(namesIn(folder)).toEqual([name])
    expect(bytes).toBeGreaterThan(0)
  })

  it('leaves nothing behind when it is aborted', async () => {
    const folder = freshFolder(`abort-${name}`)
    const sink = await openFrameSink(targetAt(join(folder, name)), layout, '{}')
    await sink.add(frame)
    await sink.abort()
    await sink.abort()
    expect(namesIn(folder)).toEqual([])
  })

  it('keeps a finished output when it is aborted afterwards', async () => {
    const folder = freshFolder(`late-abort-${name}`)
    const sink = await openFrameSink(targetAt(join(folder, name)), { ...layout, count: 1 }, '{}')
    await sink.add(frame)
    await sink.finish()
    await sink.abort()
    expect(namesIn(folder)).toEqual([name])
  })

  it('does not replace an existing output unless told to overwrite', async () => {
    const folder = freshFolder(`exists-${name}`)
    await exportFrames(targetAt(join(folder, name)), [frame])
    await expect(openFrameSink(targetAt(join(folder, name)), layout, '')).rejects.toMatchObject({
      code: 'EXISTS',
    })
    await exportFrames(targetAt(join(folder, name), { overwrite: true }), [frame, frame])
    expect(namesIn(folder)).toEqual([name])
  })

  it('reports that it cannot write to a folder that does not exist', async () => {
    const path = join(root, 'nowhere', name)
    await expect(openFrameSink(targetAt(path), layout, '')).rejects.toMatchObject({ code: 'UNWRITABLE' })
  })

  it('writes the same bytes for the same frames', async () => {
    const folder = freshFolder(`same-${name}`)
    const read = (path: string) => readFileSync(name === 'frames' ? join(path, 'frame-0002.png') : path)
    const paths = ['1', '2'].map((copy) => join(folder, `${copy}-${name}`))
    for (const path of paths) await exportFrames(targetAt(path), [frame, noise(8, 6, 2)])
    expect(read(paths[0]).equals(read(paths[1]))).toBe(true)
  })

  it('refuses frames whose size or number differs from the declared layout', async () => {
    const folder = freshFolder(`count-${name}`)
    const sink = await openFrameSink(targetAt(join(folder, name)), layout, '{}')
    await expect(sink.add(noise(8, 7))).rejects.toThrow('8 x 7')
    await sink.add(frame)
    await expect(sink.finish()).rejects.toThrow('1 frames, where 2')
    await sink.abort()
  })
})

it('opening a frame sink below a file fails with an error that names the output', async () => {
  writeFileSync(join(root, 'file'), '')
  const open = openFrameSink(targetAt(join(root, 'file', 'a.gif')), layout, '')
  await expect(open).rejects.toMatchObject({ code: 'UNWRITABLE', message: expect.stringContaining('a.gif') })
})
