import type { DocumentPicture, StudioDocument } from '#shared/document'
import type { PictureInfo } from '#shared/reports'
import { defineStore } from 'pinia'
import { rereadPicture } from '../pictures/rereadPicture'

/**
 * What the files of pictures held when they were last read, for the open work. A document also records this, but
 * an older state of it records an older file, and undo brings back the state but not the file.
 */
export const useLastRead = defineStore('lastRead', () => {
  const infos = new Map<string, PictureInfo>()

  function note(read: readonly PictureInfo[]): void {
    for (const info of read) infos.set(info.path, info)
  }

  /** Returns a document whose pictures are as their files were last read; the same one if they are. */
  function asRead(document: StudioDocument): StudioDocument {
    const pictures = document.pictures.map(pictureAsRead)
    const isSame = pictures.every((picture, at) => picture === document.pictures[at])
    return isSame ? document : { ...document, pictures }
  }

  function pictureAsRead(picture: DocumentPicture): DocumentPicture {
    const info = infos.get(picture.info.path)
    return info && info.sha256 !== picture.info.sha256 ? rereadPicture(picture, info) : picture
  }

  /** Forgets what was read for other work: a project reads its files when it is opened. */
  function forget(): void {
    infos.clear()
  }

  return { note, asRead, forget }
})
