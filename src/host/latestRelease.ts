import type { EnginePort } from '#shared/engineMessages'
import { unwrap } from '#shared/errors'
import type { LatestRelease } from '#shared/help'
import { askDownloader } from './askDownloader'

/**
 * Asks for the newest release in a process of its own, and compares it with the current one.
 *
 * @param start  starts the download process
 * @throws StudioError DOWNLOAD_FAILED; BAD_INPUT for a proxy or certificate that cannot be used
 */
export async function latestRelease(start: () => EnginePort, current: string): Promise<LatestRelease> {
  const latest = unwrap(await askDownloader<string | null>(start, 'release.latest', {}))
  return { current, latest, isNewer: latest !== null && isLater(latest, current) }
}

/**
 * Whether a version is later than another, by Semantic Versioning 2.0.0, item 11, for releases only: no
 * others are published.
 */
export function isLater(version: string, other: string): boolean {
  const numbers = (text: string): number[] => text.split(/[-+]/, 1)[0].split('.').map(Number)
  const [a, b] = [numbers(version), numbers(other)]
  const at = a.findIndex((number, place) => number !== b[place])
  return at >= 0 && a[at] > b[at]
}
