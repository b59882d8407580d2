import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import type { PictureInfo } from '#shared/reports'
import { defineStore } from 'pinia'
import { rereadPicture } from '../pictures/rereadPicture'

/**
 * What picture files contained when they were last read, and which latent files were read, for the open work. A
 * document also records this, but an older state of it records the older file contents, and undo restores that
 * state but not the file.
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

  /** Returns a document updated to its files as last read; the same document if it is up to date. */
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

  /** Forgets what was read, because other work was opened: files are read again when a project is opened. */
  function forget(): void {
    infos.clear()
    latentFiles.clear()
  }

  return { note, noteLatentFiles, asRead, forget }
})

/**
 * Removes the relative path of an item whose file was read at its own path, so that it is not looked for
 * elsewhere.
 */
function placedAtPath<One extends { relativePath?: string }>(item: One): One {
  return item.relativePath === undefined ? item : { ...item, relativePath: undefined }
}
