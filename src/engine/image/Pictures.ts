import { stat } from 'node:fs/promises'
import type { PictureInfo } from '#shared/reports'
import { explained } from '#files/fileErrors'
import { AbortableMemo } from '../job/AbortableMemo'
import { openPicture, type Picture, readPictureInfo } from './decodePicture'

/** Room for the largest picture that is opened, 64 megapixels, or some dozens of usual ones. */
const pixelBytesKept = 288 * 2 ** 20
const infosKept = 4096

/** Reads pictures, and keeps what was read last: from drop to latent a picture is wanted many times. */
export class Pictures {
  readonly #decoded = new AbortableMemo<Picture>({
    maxSize: pixelBytesKept,
    sizeOf: ({ data }) => data.byteLength,
  })
  readonly #infos = new AbortableMemo<PictureInfo>({ max: infosKept })

  /** @param decode  reads and decodes a file */
  constructor(private readonly decode: (path: string) => Promise<Picture> = openPicture) {}

  /** The decoded picture. Its pixels are shared: never change them. @throws StudioError as `openPicture` */
  async open(path: string, signal: AbortSignal): Promise<Picture> {
    return this.#decoded.get(await stampOf(path), signal, () => this.decode(path))
  }

  /** What is known of a picture without decoding it. @throws StudioError as `readPictureInfo` */
  async info(path: string, signal: AbortSignal): Promise<PictureInfo> {
    return this.#infos.get(await stampOf(path), signal, () => readPictureInfo(path))
  }
}

/** Changes when the file does. */
async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await explained(path, 'read', () => stat(path))
  return JSON.stringify([path, mtimeMs, size])
}
