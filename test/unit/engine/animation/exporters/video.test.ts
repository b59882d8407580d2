import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { fitsArgument, startFfmpeg } from '#engine/animation/exporters/ffmpeg'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { emptyFolder, exportFrames, namesIn, targetAt } from '../../../../fixtures/exportTarget'
import { noise } from '../../../../fixtures/paint'

const root = emptyFolder()
const path = process.env.PATH
afterEach(() => {
  process.env.PATH = path
})

const frames = [noise(8, 6, 1), noise(8, 6, 2), noise(8, 6, 3)]
const layout = { width: 8, height: 6, count: 3 }

/** Puts a shell script named ffmpeg first on PATH; `$last` is what it was told to write. */
function pretendFfmpeg(name: string, script: string): string {
  const [programs, output] = [join(root, name, 'programs'), join(root, name, 'output')]
  mkdirSync(programs, { recursive: true })
  mkdirSync(output)
  const program = join(programs, 'ffmpeg')
  writeFileSync(program, `#!/bin/sh\nfor last; do :; done\n${script}\n`)
  chmodSync(program, 0o755)
  process.env.PATH = `${programs}${delimiter}${path}`
  return output
}

describe('a video', () => {
  it('says what is missing when there is no ffmpeg, and leaves nothing behind', async () => {
    process.env.PATH = root
    await expect(openFrameSink(targetAt(join(root, 'a.mp4')), layout, '')).rejects.toMatchObject({
      code: 'MISSING_TOOL',
      message: expect.stringContaining('ffmpeg, which is not on PATH'),
    })
    expect(namesIn(root)).not.toContain('a.mp4')
  })

  it('hands every frame over as raw RGBA, in order and whole', async () => {
    const output = pretendFfmpeg('copies', 'cat > "$last"')
    const bytes = await exportFrames(targetAt(join(output, 'a.mp4')), frames)
    const raw = Buffer.concat(frames.map(({ data }) => Buffer.from(data)))
    expect(readFileSync(join(output, 'a.mp4')).equals(raw)).toBe(true)
    expect(bytes).toBe(raw.length)
    expect(namesIn(output)).toEqual(['a.mp4'])
  })

  it.each([
    ['mp4', 'libx264'],
    ['webm', 'libvpx-vp9'],
  ])('asks for size, rate, %s and %s, and hands the provenance over as it is', async (ending, codec) => {
    const output = pretendFfmpeg(`options-${ending}`, 'cat > /dev/null; printf "%s\\n" "$@" > "$last"')
    const file = join(output, `a.${ending}`)
    await exportFrames(targetAt(file, { fps: 29.97 }), frames, '{"a": "$(touch x) \'b\'"}')
    const options = readFileSync(file, 'utf8').split('\n')
    const after = (option: string) => options[options.lastIndexOf(option) + 1]
    expect(after('-video_size')).toBe('8x6')
    expect(after('-framerate')).toBe('29.97')
    expect(after('-c:v')).toBe(codec)
    expect(after('-f')).toBe(ending)
    expect(after('-metadata')).toBe('comment={"a": "$(touch x) \'b\'"}')
  })

  it('leaves a provenance out that is too long in bytes (would catch one in Chinese that counts as short)', async () => {
    const output = pretendFfmpeg('long', 'cat > /dev/null; printf "%s\\n" "$@" > "$last"')
    const file = join(output, 'a.mp4')
    await exportFrames(targetAt(file), frames, '苹'.repeat(60_000))
    expect(readFileSync(file, 'utf8')).not.toContain('-metadata')
  })

  it('has less room for a provenance on Windows, whose whole command line is short', () => {
    const text = 'x'.repeat(30_000)
    expect([fitsArgument(text, 'linux'), fitsArgument(text, 'win32')]).toEqual([true, false])
  })

  it('says that ffmpeg did not start when the system throws at once', async () => {
    pretendFfmpeg('never', 'exit 0')
    await expect(startFfmpeg(['x'.repeat(3_000_000)], 'a.mp4')).rejects.toMatchObject({
      code: 'MISSING_TOOL',
      message: expect.stringContaining('did not start (E2BIG)'),
    })
  })

  it('names the reason when ffmpeg fails while it is fed, and leaves nothing behind', async () => {
    const output = pretendFfmpeg('fails', 'echo half > "$last"; echo "No space left on device" >&2; exit 1')
    const sink = await openFrameSink(targetAt(join(output, 'a.webm')), { ...layout, count: 10_000 }, '')
    const feed = async () => {
      for (let i = 0; i < 10_000; i++) await sink.add(frames[0])
    }
    await expect(feed()).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringContaining('disk that is full'),
    })
    await sink.abort()
    expect(namesIn(output)).toEqual([])
  })

  it('names the reason when ffmpeg fails at the end', async () => {
    const output = pretendFfmpeg(
      'fails-late',
      'cat > /dev/null; echo "Unknown encoder \'libx264\'" >&2; exit 1',
    )
    const sink = await openFrameSink(targetAt(join(output, 'a.mp4')), { ...layout, count: 1 }, '')
    await sink.add(frames[0])
    await expect(sink.finish()).rejects.toMatchObject({
      code: 'MISSING_TOOL',
      message: expect.stringContaining('libx264'),
    })
    await sink.abort()
    expect(namesIn(output)).toEqual([])
  })

  it('does not trust an exit code of 0 beside an error, as a disk that fills up at the very end gives', async () => {
    const output = pretendFfmpeg(
      'full',
      'cat > "$last"; echo "Error closing file: No space left on device" >&2',
    )
    const sink = await openFrameSink(targetAt(join(output, 'a.mp4')), { ...layout, count: 1 }, '')
    await sink.add(frames[0])
    await expect(sink.finish()).rejects.toMatchObject({ code: 'UNWRITABLE' })
    await sink.abort()
    expect(namesIn(output)).toEqual([])
  })

  it('ends ffmpeg when it is given up, also one that does not listen', async () => {
    const output = pretendFfmpeg('hangs', 'trap "" TERM INT; echo half > "$last"; exec sleep 600')
    const sink = await openFrameSink(targetAt(join(output, 'a.mp4')), layout, '')
    await sink.abort()
    await sink.abort()
    expect(namesIn(output)).toEqual([])
  })
})
