import { win32 } from 'node:path'
import { shareOf } from '#files/networkShare'
import type { StudioDocument } from '#shared/document'

/** The folders whose network shares may be contacted. */
export interface FamiliarFolders {
  /** The project's. */
  readonly folder: string
  /** The folders that the user has opened files from. */
  readonly knownFolders: readonly string[]
}

/**
 * Takes paths on network shares out of a project's document on Windows, where merely looking for such a file logs
 * in to its server, which the project's author has chosen. Paths on the shares of familiar folders stay. A file
 * whose path is taken out is looked for by its name in the project's folder instead.
 */
export function withoutForeignShares(
  document: StudioDocument,
  { folder, knownFolders }: FamiliarFolders,
  platform: NodeJS.Platform = process.platform,
): StudioDocument {
  if (platform !== 'win32') return document
  const familiar = new Set([folder, ...knownFolders].map(shareOf))
  const isForeign = (path: string): boolean => {
    const share = shareOf(path)
    return share !== null && !familiar.has(share)
  }
  const placeOf = (path: string): string =>
    isForeign(path) ? win32.join(folder, win32.basename(path)) : path
  const wayOf = ({ relativePath = '' }): string | undefined =>
    relativePath === '' || isForeign(relativePath) ? undefined : relativePath
  const { model } = document
  return {
    ...document,
    model: model && isForeign(model.path) ? { ...model, path: '' } : model,
    pictures: document.pictures.map((picture) => ({
      ...picture,
      info: { ...picture.info, path: placeOf(picture.info.path) },
      relativePath: wayOf(picture),
    })),
    latents: document.latents.map((latent) =>
      latent.kind === 'file'
        ? { ...latent, path: placeOf(latent.path), relativePath: wayOf(latent) }
        : latent,
    ),
  }
}
