import type { Command } from 'commander'
import { formatBytes } from '#core/format/quantities'
import { resultsFolder } from '#files/cacheFolder'
import { ContentCache } from '#files/ContentCache'
import { limits } from '#shared/limits'
import { realNumber } from '../parsers'
import { printResult } from '../terminal'

const gigabyte = 10 ** 9

interface CacheOptions {
  clear?: boolean
  limit?: number
  json?: boolean
}

/** `cache`: shows, clears and limits the cache of latents and frames. */
export function addCacheCommand(program: Command): void {
  program
    .command('cache')
    .description('show the size of the cache of latents and frames, clear it, or set its limit')
    .option('--clear', 'clear the cache')
    .option(
      '--limit <gigabytes>',
      'largest size of the cache; 0 turns it off',
      realNumber({ min: 0, max: limits.cacheBytes.max / gigabyte }),
    )
    .option('--json', 'print one JSON object on stdout')
    .action(async ({ clear, limit, json = false }: CacheOptions) => {
      const cache = new ContentCache(resultsFolder())
      if (clear) await cache.clear()
      if (limit !== undefined) await cache.setLimit(Math.round(limit * gigabyte))
      const usage = await cache.usage()
      const entries = usage.entries === 1 ? '1 result' : `${usage.entries} results`
      printResult(json, { ok: true, ...usage }, [
        `${entries}, ${formatBytes(usage.bytes)} of at most ${formatBytes(usage.limitBytes)}`,
        `Folder: ${usage.folder}`,
      ])
    })
}
