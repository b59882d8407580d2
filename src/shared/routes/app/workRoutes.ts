import { z } from 'zod'
import { route } from '../route'

/** Long-running work: its progress, its end, and its cancellation. */
export const workRoutes = {
  /**
   * Reports the progress of long-running work, 0 to 1, or null if nothing runs. It is shown in the taskbar,
   * and the system is kept awake.
   */
  'work.report': route<null>()(
    z.object({
      share: z.number().min(0).max(1).nullable(),
      /** The number of exports that wait for the running one. */
      waiting: z.int().min(0).default(0),
    }),
  ),
  /** Reports the end of long-running work: the system notifies a user who is not looking at the window. */
  'work.ended': route<null>()(z.object({ title: z.string(), detail: z.string() })),
  /** Cancels a running request within one step; its own response is then CANCELLED. */
  'request.cancel': route<null>()(z.object({ requestId: z.string() })),
} as const
