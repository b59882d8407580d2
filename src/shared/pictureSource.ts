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

/** A picture file, and how it is fitted. */
export const pictureSource = z.object({
  path: z.string().min(1),
  /** SHA-256 of the file when it was last seen: finds its cached results while the file is missing. */
  sha256: z.string().optional(),
  fit: fitSettings.default({ mode: 'cover' }),
})
export type PictureSource = z.infer<typeof pictureSource>
