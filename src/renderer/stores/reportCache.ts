import type { EncodeReport } from '#shared/reports'
import { shallowReactive } from 'vue'

/** The most reports to keep; beyond that, the oldest that is not in use is dropped. */
const maxReports = 400

/**
 * The reports on encoded pictures, by key: part of the store `encoding`.
 *
 * @param keysInUse  returns the keys of the library’s items, whose reports are never dropped
 */
export function useReportCache(keysInUse: () => readonly string[]) {
  const reports = shallowReactive(new Map<string, EncodeReport>())

  function keep(key: string, report: EncodeReport): void {
    reports.set(key, report)
    if (reports.size <= maxReports) return
    const inUse = new Set(keysInUse())
    const oldest = [...reports.keys()].find((other) => !inUse.has(other))
    if (oldest !== undefined) reports.delete(oldest)
  }

  return { reports, keep }
}
