import { z } from 'zod'
import { limits, whole } from '../../limits'
import type { CacheUsage } from '../../reports'
import { route } from '../route'

/** The disk cache of latents and frames. */
export const cacheRoutes = {
  /** Folder, size and limit of the cache, which saves computing anything twice. */
  'cache.usage': route<CacheUsage>()(z.object({})),
  /** Empties the cache, or sets its limit in bytes; 0 disables it. */
  'cache.change': route<CacheUsage>()(
    z.object({
      clear: z.boolean().default(false),
      limitBytes: whole(limits.cacheBytes, 'limitBytes').optional(),
    }),
  ),
} as const
