import type { StudyStop } from '#shared/lab'
import { sourceName } from '#shared/sourceName'
import type { LabRequest, Study } from './study'

/** Returns the SHA-256 of a picture's file; null if it is not known, and for any other latent. */
export function pictureHashOf(stop: LabRequest['study']['stops'][number]): string | null {
  return stop.kind === 'picture' ? (stop.picture.sha256 ?? null) : null
}

/**
 * Finds the items that a study measures among pictures and latents: by their names, and pictures by content
 * too, because pictures in different folders often share a name. Items that cannot be told apart are assigned
 * in order.
 *
 * @returns the stops in the study’s order; null for each that is not found
 */
export function findStops(
  { pictures, pictureHashes }: Pick<Study, 'pictures' | 'pictureHashes'>,
  offered: readonly StudyStop[],
): (StudyStop | null)[] {
  const known = offered.map((stop) => ({ stop, name: sourceName(stop), sha256: pictureHashOf(stop) }))
  const left = new Set(known)
  return pictures.map((name, at) => {
    const isSought = (one: (typeof known)[number]) => one.name === name && one.sha256 === pictureHashes[at]
    // A study may measure the same picture twice.
    const found = known.find((one) => left.has(one) && isSought(one)) ?? known.find(isSought)
    if (found) left.delete(found)
    return found?.stop ?? null
  })
}
