import { stat } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
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
  /** The stamp that each path had when it was last looked at. */
  readonly #lastStamps = new LRUCache<string, string>({ max: infosKept })

  /** @param decode  reads and decodes a file */
  constructor(private readonly decode: (path: string) => Promise<Picture> = openPicture) {}

  /** The decoded picture. Its pixels are shared: never change them. @throws StudioError as `openPicture` */
  async open(path: string, signal: AbortSignal): Promise<Picture> {
    return this.#decoded.get(await stampOf(path), signal, () => this.decode(path))
  }

  /** What is known of a picture without decoding it. @throws StudioError as `readPictureInfo` */
  async info(path: string, signal: AbortSignal): Promise<PictureInfo> {
    try {
      const stamp = await stampOf(path)
      this.#lastStamps.set(path, stamp)
      return await this.#infos.get(stamp, signal, () => readPictureInfo(path))
    } catch (error) {
      this.#lastStamps.delete(path)
      throw error
    }
  }

  /**
   * The same for what cannot wait for a look at the file: a picture that is known is taken as it was last seen, and its file is
   * looked at meanwhile, for the next time.
   *
   * @throws StudioError as `readPictureInfo`, where the picture was not known
   */
  async infoAsSeen(path: string, signal: AbortSignal): Promise<PictureInfo> {
    const seen = this.#infos.find(this.#lastStamps.get(path) ?? '')
    const looked = this.info(path, signal)
    if (!seen) return looked
    looked.catch(() => undefined)
    return seen
  }
}

/** Changes when the file does. */
async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await explained(path, 'read', () => stat(path))
  return JSON.stringify([path, mtimeMs, size])
}
