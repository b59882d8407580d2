import { z } from 'zod'
import { route } from '../route'

const largestPicture = 100 * 2 ** 20

/** A picture as a PNG file, of the size that a single frame may have. */
const pictureBytes = z
  .instanceof(Uint8Array)
  .refine(({ length }) => length <= largestPicture, 'the picture is too large')

/** What is handed to the desktop: its file manager, its clipboard, other programs. */
export const shellRoutes = {
  'shell.reveal': route<null>()(z.object({ path: z.string().min(1) })),
  /** Opens the engine's log in the program that the system has for it. */
  'shell.openLog': route<null>()(z.object({})),
  /** Lets the system take a picture along as a file of this name, for a drag that has begun in the window. */
  'shell.dragPicture': route<null>()(z.object({ png: pictureBytes, name: z.string() })),
  'shell.copyText': route<null>()(z.object({ text: z.string().max(100_000) })),
} as const
