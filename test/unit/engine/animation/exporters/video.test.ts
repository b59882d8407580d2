import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exportFormatRows } from '#shared/exportFormats'
import { startFfmpeg } from '#engine/animation/exporters/ffmpeg'
import { checkFrameSink, openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { readProvenance } from '#engine/animation/readProvenance'
import { emptyFolder, exportFrames, namesIn, targetAt } from '../../../../fixtures/exportTarget'
import { noise, paint } from '../../../../fixtures/paint'

const root = emptyFolder()
const path = process.env.PATH
const workingFolder = process.cwd()
afterEach(() => {
  process.env.PATH = path
  process.chdir(workingFolder)
})
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

const frames = [noise(8, 6, 1), noise(8, 6, 2), noise(8, 6, 3)]
const swatches = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [128, 64, 32],
  [255, 128, 0],
]
/** Decodes as BT.709, whatever the file says. */
const toRgb = 'scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int,format=rgb24'
const layout = { width: 8, height: 6, count: 3 }

/** Puts a shell script named ffmpeg first on PATH; `$last` is the path it was told to write. */
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
  it('reports that ffmpeg is missing, and leaves nothing behind', async () => {
    process.env.PATH = root
    await expect(openFrameSink(targetAt(join(root, 'a.mp4')), layout, '')).rejects.toMatchObject({
      code: 'MISSING_TOOL',
      message: expect.stringContaining('ffmpeg, which is not on PATH'),
    })
    expect(namesIn(root)).not.toContain('a.mp4')
  })

  it('leaves it to nobody else on Windows to find ffmpeg (would catch one in the current folder that is started)', async () => {
    pretendFfmpeg('windows', 'cat > "$last"')
    const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
    const starting = startFfmpeg([], join(root, 'a.mp4')).finally(() => platform.mockRestore())
    // PATH here has no ffmpeg.exe.
    await expect(starting).rejects.toMatchObject({ code: 'MISSING_TOOL' })
  })

  it('passes every frame to ffmpeg as raw RGBA, complete and in order', async () => {
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
  ])('asks ffmpeg for the size, the frame rate, %s and %s', async (ending, codec) => {
    const output = pretendFfmpeg(`options-${ending}`, 'cat > /dev/null; printf "%s\\n" "$@" > "$last"')
    const file = join(output, `a.${ending}`)
    await exportFrames(targetAt(file, { fps: 29.97 }), frames)
    const options = readFileSync(file, 'utf8').split('\n')
    const after = (option: string) => options[options.lastIndexOf(option) + 1]
    expect(after('-video_size')).toBe('8x6')
    expect(after('-framerate')).toBe('29.97')
    expect(after('-c:v')).toBe(codec)
    expect(after('-f')).toBe(ending)
  })

  it.each(exportFormatRows.filter(({ video }) => video))(
    'asks ffmpeg for less loss at a higher quality of $id, a lossy format (would catch a quality setting without effect)',
    async ({ id, lossy }) => {
      const output = pretendFfmpeg(`quality-${id}`, 'cat > /dev/null; printf "%s\\n" "$@" > "$last"')
      const factorAt = async (quality: number) => {
        const file = join(output, `${quality}.${id}`)
        await exportFrames(targetAt(file, { quality }), frames)
        const options = readFileSync(file, 'utf8').split('\n')
        return Number(options[options.indexOf('-crf') + 1])
      }
      expect(lossy).toBe(true)
      expect(await factorAt(90)).toBeLessThan(await factorAt(30))
    },
  )

  it.for(['mp4', 'webm'])(
    'keeps the colours of its frames as %s, and declares BT.709',
    async (ending, { skip }) => {
      if (!hasFfmpeg) skip('ffmpeg is not on PATH: colours are NOT looked at')
      const file = join(root, `colours.${ending}`)
      const painted = swatches.map((rgb) => paint(64, 64, () => [...rgb, 255]))
      await exportFrames(targetAt(file, { quality: 100, fps: 29.97 }), painted)
      const options = ['-v', 'error', '-i', file, '-vf', toRgb, '-f', 'rawvideo', 'pipe:1']
      const pixels = execFileSync('ffmpeg', options, { maxBuffer: 2 ** 26 })
      expect(pixels).toHaveLength(swatches.length * 64 * 64 * 3)
      for (const [i, rgb] of swatches.entries()) {
        const middle = pixels.subarray(((i * 64 + 32) * 64 + 32) * 3)
        for (const [channel, value] of rgb.entries()) {
          expect(Math.abs(middle[channel] - value), `${rgb}`).toBeLessThanOrEqual(3)
        }
      }
      const fields = 'stream=color_space,color_primaries,color_transfer'
      const told = execFileSync('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'csv=p=0', file])
      expect(told.toString().trim()).toBe('bt709,bt709,bt709')
    },
  )

  it('gives ffmpeg an absolute path for a relative one (would catch a folder read as an option or a protocol)', async () => {
    const output = pretendFfmpeg('relative', 'cat > /dev/null; printf "%s" "$last" > "$last"')
    const file = join(output, 'a.mp4')
    await exportFrames(targetAt(relative(process.cwd(), file)), frames)
    expect(readFileSync(file, 'utf8').startsWith(output)).toBe(true)
  })

  it.for(['12:30', '-dir', 'file:x'])(
    'is written into a folder named %s, given by its relative path',
    async (name, { skip }) => {
      if (!hasFfmpeg) skip('ffmpeg is not on PATH: relative paths are NOT looked at')
      mkdirSync(join(root, name))
      process.chdir(root)
      const target = targetAt(join(name, 'a.mp4'))
      await checkFrameSink(target, layout)
      expect(namesIn(join(root, name))).toEqual([])
      expect(await exportFrames(target, frames)).toBeGreaterThan(0)
      expect(namesIn(join(root, name))).toEqual(['a.mp4'])
    },
  )

  it.each(['mp4', 'webm'])(
    'is rehearsed as %s with the options of the film, in one frame that is discarded',
    async (ending) => {
      const log = join(root, `rehearsed-${ending}.txt`)
      const output = pretendFfmpeg(
        `rehearses-${ending}`,
        `bytes=$(wc -c); echo "$* $bytes" >> '${log}'; cp '${log}' "$last"`,
      )
      const target = targetAt(join(output, `a.${ending}`), { fps: 12, quality: 40 })
      await checkFrameSink(target, { width: 64, height: 64, count: 3 })
      expect(namesIn(output)).toEqual([])
      await exportFrames(target, [noise(64, 64)], '')
      const [rehearsed, filmed] = readFileSync(log, 'utf8').trim().split('\n')
      const withoutPath = (line: string) => line.replaceAll(/\S+\.part /g, '')
      expect(withoutPath(rehearsed)).toBe(withoutPath(filmed))
      expect(rehearsed).toMatch(/ 16384$/)
    },
  )

  it.for(['mp4', 'webm'])(
    'carries its provenance as %s, however long it is (would catch a long walk that forgets how it was made)',
    async (ending, { skip }) => {
      if (!hasFfmpeg) skip('ffmpeg is not on PATH: comments are NOT looked at')
      // Signs with a meaning for a shell, for ffmpeg's list of tags and for lines, and more bytes than an argument holds.
      const text = JSON.stringify({
        signs: `$(touch x) 'b' "c" a=b;c#d\\ C:\\x\n[CHAPTER]\n;FFMETADATA1`,
        long: '苹果=;#'.repeat(60_000),
      })
      const folder = join(root, `long-${ending}`)
      mkdirSync(folder)
      await exportFrames(targetAt(join(folder, `a.${ending}`)), frames, text)
      expect(await readProvenance(join(folder, `a.${ending}`))).toEqual({ kind: 'video', text })
      expect(namesIn(folder)).toEqual([`a.${ending}`])
    },
  )

  it('reports that ffmpeg did not start when the system throws immediately', async () => {
    pretendFfmpeg('never', 'exit 0')
    await expect(startFfmpeg(['x'.repeat(3_000_000)], 'a.mp4')).rejects.toMatchObject({
      code: 'MISSING_TOOL',
      message: expect.stringContaining('did not start (E2BIG)'),
    })
  })

  it('reports the reason when ffmpeg fails while it receives frames, and leaves nothing behind', async () => {
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

  it('reports the reason when ffmpeg fails at the end, and leaves nothing behind', async () => {
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

  it('fails when ffmpeg prints an error but exits with 0, as when the disk fills up at the very end', async () => {
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

  it('stops ffmpeg when it is aborted, even if ffmpeg ignores signals', async () => {
    const output = pretendFfmpeg('hangs', 'trap "" TERM INT; echo half > "$last"; exec sleep 600')
    const sink = await openFrameSink(targetAt(join(output, 'a.mp4')), layout, '')
    await sink.abort()
    await sink.abort()
    expect(namesIn(output)).toEqual([])
  })
})
