import type { Failure } from '#shared/errors'
import type { EncodeReport, LatentReport } from '#shared/reports'
import { stableJson } from '#shared/stableJson'
import { shallowReactive } from 'vue'
import { isPicture, useLibrary, type Item, type Picture } from './library'
import { useModel } from './model'
import { useReportCache } from './reportCache'
import { useSettings } from './settings'
import { useThumbnails } from './thumbnails'

/**
 * What is known about the latents of the library's items under the current settings: their reports, and why an item
 * has none. Part of the store `encoding`.
 */
export function useKnownLatents() {
  const library = useLibrary()
  const model = useModel()
  const settings = useSettings()
  const thumbnails = useThumbnails()
  const { reports, keep } = useReportCache(() => library.items.map(keyOf))
  /** Reports on latents that are not a picture's own. */
  const latentReports = shallowReactive(new Map<string, LatentReport>())
  const failures = shallowReactive(new Map<string, Failure>())

  /** Identifies an item's latent and reconstruction under the current settings. */
  function keyOf(item: Item): string {
    const content = isPicture(item) ? item.info.sha256 : item.id
    return stableJson([model.identity, content, settings.latentOf(item), settings.decode])
  }

  const reportOf = (picture: Picture): EncodeReport | null => reports.get(keyOf(picture)) ?? null
  const latentReportOf = (item: Item): LatentReport | null =>
    isPicture(item) ? reportOf(item) : (latentReports.get(keyOf(item)) ?? null)
  /** Whether an item’s latent exists, or can be computed at once. */
  const isReady = (item: Item): boolean => latentReportOf(item) !== null
  /**
   * Why an item has no latent, as far as is known: encoding failed, or would fail because the file is damaged.
   */
  function failureOf(item: Item): Failure | null {
    const known = failures.get(keyOf(item)) ?? null
    if (known || isReady(item)) return known
    if (isPicture(item)) return thumbnails.damageOf(item)
    return settings.latentOf(item) ? null : notMade(item)
  }
  /** Whether an item has no latent yet and no known reason prevents making it. */
  const isMissing = (item: Item): boolean => !isReady(item) && !failureOf(item)

  return {
    reports,
    keyOf,
    reportOf,
    latentReportOf,
    isReady,
    failureOf,
    isMissing,
    /** Keeps the report on a picture, by the key that it was encoded under. */
    keepReport: keep,
    /** Keeps the report on a latent that is not a picture's own. */
    keepLatentReport: (key: string, report: LatentReport) => void latentReports.set(key, report),
    noteFailure: (key: string, failure: Failure) => void failures.set(key, failure),
    /** Forgets a failure, so that what failed is missing again. */
    forgetFailure: (key: string) => void failures.delete(key),
  }
}

/**
 * Explains why an item has no latent: this version cannot make items of its kind, or of the kind of one of its
 * parts.
 */
export function notMade({ name }: Item): Failure {
  const message = `“${name}” can’t be made by this version: a newer one made it, or a part of it is gone.`
  return { code: 'UNSUPPORTED', message }
}
