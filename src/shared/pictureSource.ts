import { z } from 'zod'

/** How a picture is fitted to the model's aspect ratio. Rectangles are in source pixels. */
export const fitSettings = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('cover') }),
  z.object({
    mode: z.literal('contain'),
    background: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'background must be #rrggbb'),
  }),
  z.object({
    mode: z.literal('crop'),
    x: z.number(),
    y: z.number(),
    width: z.number().positive(),
    height: z.number().positive(),
  }),
])
export type FitSettings = z.infer<typeof fitSettings>

/** The size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Whether a rectangle lies inside a picture of this size. */
export function liesInside(
  { x, y, width, height }: PictureSize & { readonly x: number; readonly y: number },
  picture: PictureSize,
): boolean {
  return x >= 0 && y >= 0 && x + width <= picture.width && y + height <= picture.height
}

/** Returns how a picture of this size is fitted: a crop that does not lie inside it gives way to the middle. */
export function fitInside(fit: FitSettings, picture: PictureSize): FitSettings {
  return fit.mode !== 'crop' || liesInside(fit, picture) ? fit : { mode: 'cover' }
}

/**
 * Says which pictures lost a crop that does not lie inside them any more.
 *
 * @param names  names of the pictures
 * @returns null if there are none
 */
export function describeLostCrops(names: readonly string[]): string | null {
  if (names.length === 0) return null
  return `The crop of ${names.join(', ')} no longer fits: the middle is used until you crop again.`
}

/** A picture file, and how it is fitted. */
export const pictureSource = z
  .object({
    /** Empty if its hash is all that is known, and nothing says where it is. */
    path: z.string(),
    /** SHA-256 of the file when it was last seen: finds its cached results while the file is missing. */
    sha256: z.string().optional(),
    fit: fitSettings.default({ mode: 'cover' }),
  })
  .refine(({ path, sha256 }) => path !== '' || Boolean(sha256), 'a picture must have a path or a hash')
export type PictureSource = z.infer<typeof pictureSource>
