import { expect, it } from 'vitest'
import type { EncodeReport } from '#shared/reports'
import { useReportCache } from '../../../../src/renderer/stores/reportCache'

it('drops the oldest reports first, but never one that is in use (would catch a report lost while its picture is on the timeline)', () => {
  const { reports, keep } = useReportCache(() => ['used'])
  const report = {} as EncodeReport
  const keys = ['old', 'used', ...Array.from({ length: 2000 }, (_, at) => `later ${at}`)]
  for (const key of keys) keep(key, report)
  const kept = [...reports.keys()]
  expect(kept.length).toBeLessThan(keys.length)
  expect(kept[0]).toBe('used')
  // Of the others, the newest are left.
  expect(kept.slice(1)).toEqual(keys.slice(1 - kept.length))
})
