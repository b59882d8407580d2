import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportTarget } from '#shared/exportTarget'
import { explained } from '#files/fileErrors'
import { encodePng } from '../../image/encodePicture'
import { encodePngText } from '../../image/pngWriter'
import { createAtomicFolder } from '#files/atomicFolder'
import type { FrameLayout, FrameSink } from './frameSink'
import { provenanceKeyword, shortenProvenance } from './provenanceText'

const frameName = /^frame-\d+\.png$/

/** A folder of `frame-0001.png` and so on; the first carries the whole provenance, the others a short one. */
export async function openPngFolder(
  target: ExportTarget,
  frames: FrameLayout,
  provenance: string,
): Promise<FrameSink> {
  const folder = await createAtomicFolder(target.path, {
    overwrite: target.overwrite,
    replaces: (name) => frameName.test(name),
  })
  const digits = Math.max(4, String(frames.count).length)
  const nameOf = (frame: number) => `frame-${String(frame).padStart(digits, '0')}.png`
  let text = encodePngText(provenanceKeyword, provenance)
  let written = 0
  let bytes = 0
  return {
    temporaryPath: folder.temporaryPath,
    async add(pixels) {
      const png = await encodePng(pixels, [text])
      const path = join(folder.temporaryPath, nameOf(++written))
      await explained(target.path, 'write', () => writeFile(path, png))
      bytes += png.length
      if (written === 1) text = encodePngText(provenanceKeyword, shortenProvenance(provenance, nameOf(1)))
    },
    async finish() {
      await folder.commit()
      return { bytes }
    },
    abort: () => folder.abort(),
  }
}
