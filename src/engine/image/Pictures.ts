import { LRUCache } from 'lru-cache'
import type { PictureInfo } from '#shared/reports'
import { stampFile } from '#files/fileStamp'
import { AbortableMemo } from '../memo/AbortableMemo'
import { openPicture, type Picture, readPictureInfo } from './decodePicture'

/** Enough for the largest picture that can be opened, 64 megapixels, or for dozens of typical ones. */
const pixelBytesKept = 288 * 2 ** 20
const infosKept = 4096

/**
 * Reads pictures and caches the most recent ones, because a picture is needed many times on its way to
 * a latent.
 */
export class Pictures {
  readonly #decoded = new AbortableMemo<Picture>({
    maxSize: pixelBytesKept,
    sizeOf: ({ data }) => data.byteLength,
  })
  readonly #infos = new AbortableMemo<PictureInfo>({ max: infosKept })
  /** The stamp of each path when it was last checked. */
  readonly #lastStamps = new LRUCache<string, string>({ max: infosKept })

  /** @param decode  reads and decodes a file */
  constructor(private readonly decode: (path: string) => Promise<Picture> = openPicture) {}

  /**
   * Returns the decoded picture. Its pixels are shared: never change them.
   *
   * @throws StudioError as `openPicture`
   */
  async open(path: string, signal: AbortSignal): Promise<Picture> {
    return this.#decoded.get(await stampFile(path), signal, () => this.decode(path))
  }

  /**
   * Returns what is known about a picture without decoding it.
   *
   * @throws StudioError as `readPictureInfo`
   */
  async info(path: string, signal: AbortSignal): Promise<PictureInfo> {
    try {
      const stamp = await stampFile(path)
      this.#lastStamps.set(path, stamp)
      return await this.#infos.get(stamp, signal, () => readPictureInfo(path))
    } catch (error) {
      this.#lastStamps.delete(path)
      throw error
    }
  }

  /**
   * Like `info`, for requests that cannot wait for a file check: returns a known picture as it was last seen,
   * and checks the file in the background for the next time.
   *
   * @throws StudioError as `readPictureInfo`, if the picture was not known
   */
  async infoAsSeen(path: string, signal: AbortSignal): Promise<PictureInfo> {
    const seen = this.#infos.find(this.#lastStamps.get(path) ?? '')
    const looked = this.info(path, signal)
    if (!seen) return looked
    looked.catch(() => undefined)
    return seen
  }
}
