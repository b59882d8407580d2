import { z } from 'zod'
import { route } from '../route'

/** Long work: how far it is, its end, and how it is stopped before that. */
export const workRoutes = {
  /** How far something long is, 0 to 1, or null when nothing runs: for the taskbar, and the machine stays awake. */
  'work.report': route<null>()(z.object({ share: z.number().min(0).max(1).nullable() })),
  /** Something long has ended: the system tells whoever does not look at the window. */
  'work.ended': route<null>()(z.object({ title: z.string(), detail: z.string() })),
  /** Stops a running request within one step; its own answer is then CANCELLED. */
  'request.cancel': route<null>()(z.object({ requestId: z.string() })),
} as const
