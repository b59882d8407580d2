import { z } from 'zod'
import { route } from '../route'

const largestPicture = 100 * 2 ** 20

/** A PNG file, limited to the size that a single frame may have. */
const pictureBytes = z
  .instanceof(Uint8Array)
  .refine(({ length }) => length <= largestPicture, 'the picture is too large')

/** What is passed to the desktop: its file manager, its clipboard, other programs. */
export const shellRoutes = {
  'shell.reveal': route<null>()(z.object({ path: z.string().min(1) })),
  /** Opens the engine's log in the system's default program. */
  'shell.openLog': route<null>()(z.object({})),
  /** Hands a picture to the system as a file with this name, for a drag that has started in the window. */
  'shell.dragPicture': route<null>()(z.object({ png: pictureBytes, name: z.string() })),
  'shell.copyText': route<null>()(z.object({ text: z.string().max(100_000) })),
} as const
