import { z } from 'zod'
import { limits, whole } from '../../limits'
import type { CacheUsage } from '../../reports'
import { route } from '../route'

/** What is kept on disk of latents and frames. */
export const cacheRoutes = {
  /** What is kept on disk of latents and frames, so that nothing is computed twice. */
  'cache.usage': route<CacheUsage>()(z.object({})),
  /** Empties it, or sets the most that it may hold, in bytes; 0 keeps nothing. */
  'cache.change': route<CacheUsage>()(
    z.object({
      clear: z.boolean().default(false),
      limitBytes: whole(limits.cacheBytes, 'limitBytes').optional(),
    }),
  ),
} as const
