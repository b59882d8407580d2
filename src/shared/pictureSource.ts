import { z } from 'zod'

/** What the model sees of a picture: the model's input is square, pictures seldom are. Rectangles in source pixels. */
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

/** A picture file, and what the model sees of it. */
export const pictureSource = z.object({
  path: z.string().min(1),
  /** Of the file when it was last seen: what is kept of it is found by this while the file itself is missing. */
  sha256: z.string().optional(),
  fit: fitSettings.default({ mode: 'cover' }),
})
export type PictureSource = z.infer<typeof pictureSource>
