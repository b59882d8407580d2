import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import type { PictureInfo } from '#shared/reports'
import { defineStore } from 'pinia'
import { rereadPicture } from '../pictures/rereadPicture'

/**
 * What the files of pictures held when they were last read, and which latent files were read, for the open work. A
 * document also records this, but an older state of it records an older file, and undo brings back the state but
 * not the file.
 */
export const useLastRead = defineStore('lastRead', () => {
  const infos = new Map<string, PictureInfo>()
  const latentFiles = new Set<string>()

  function note(read: readonly PictureInfo[]): void {
    for (const info of read) infos.set(info.path, info)
  }

  function noteLatentFiles(paths: readonly string[]): void {
    for (const path of paths) latentFiles.add(path)
  }

  /** Returns a document whose items are as their files were last read; the same one if they are. */
  function asRead(document: StudioDocument): StudioDocument {
    const pictures = document.pictures.map(pictureAsRead)
    const latents = document.latents.map(latentAsRead)
    const isSame =
      pictures.every((picture, at) => picture === document.pictures[at]) &&
      latents.every((latent, at) => latent === document.latents[at])
    return isSame ? document : { ...document, pictures, latents }
  }

  function pictureAsRead(picture: DocumentPicture): DocumentPicture {
    const info = infos.get(picture.info.path)
    if (!info) return picture
    return info.sha256 === picture.info.sha256 ? placedAtPath(picture) : rereadPicture(picture, info)
  }

  function latentAsRead(latent: DocumentLatent): DocumentLatent {
    return latent.kind === 'file' && latentFiles.has(latent.path) ? placedAtPath(latent) : latent
  }

  /** Forgets what was read for other work: a project reads its files when it is opened. */
  function forget(): void {
    infos.clear()
    latentFiles.clear()
  }

  return { note, noteLatentFiles, asRead, forget }
})

/** An item whose file was read at its own path is looked for nowhere else. */
function placedAtPath<One extends { relativePath?: string }>(item: One): One {
  return item.relativePath === undefined ? item : { ...item, relativePath: undefined }
}
