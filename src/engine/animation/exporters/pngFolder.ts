import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportTarget } from '#shared/exportTarget'
import { explained } from '#files/fileErrors'
import { encodePng } from '../../image/encodePicture'
import { encodePngText } from '../../image/pngWriter'
import { createAtomicFolder } from '#files/atomicFolder'
import type { FrameLayout, FrameSink } from './frameSink'
import { provenanceKeyword } from './provenanceText'

const frameName = /^frame-\d+\.png$/

/** A folder of `frame-0001.png` and so on; each picture carries the provenance. */
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
  const text = encodePngText(provenanceKeyword, provenance)
  let written = 0
  let bytes = 0
  return {
    temporaryPath: folder.temporaryPath,
    async add(pixels) {
      const png = await encodePng(pixels, [text])
      const name = `frame-${String(++written).padStart(digits, '0')}.png`
      await explained(target.path, 'write', () => writeFile(join(folder.temporaryPath, name), png))
      bytes += png.length
    },
    async finish() {
      await folder.commit()
      return { bytes }
    },
    abort: () => folder.abort(),
  }
}
