import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const vitest = (passed: number, failed = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults: [],
})
const playwright = (expected: number, unexpected = 0) => ({
  stats: { expected, flaky: 0, unexpected },
  errors: [],
})
const all = { unit: vitest(30), 'e2e-1': playwright(12), 'e2e-2': playwright(8), package: vitest(10) }

/** The verdict on a run with these reports that ended with this status: the last line. */
function verdictOn(reports: Readonly<Record<string, object>>, status: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'))
  for (const [name, report] of Object.entries(reports))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(report))
  const args = ['tools/testSummary.mjs', String(status), folder]
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n').at(-1)!
}

it.each([
  ['all tests pass', all, 0, '60 passed, 0 failed'],
  ['tests fail, which a failed run is due to', { ...all, package: vitest(9, 1) }, 1, '59 passed, 1 failed'],
  ['lint fails, so that two runners never start', { package: vitest(60) }, 1, '60 passed, 2 failed'],
  ['not even packages can be installed', {}, 1, '0 passed, 3 failed'],
  ['something outside the tests fails', all, 1, '60 passed, 1 failed'],
])('if %s, the verdict says so', (_, reports, status, verdict) => {
  expect(verdictOn(reports, status)).toBe(verdict)
})

it('.ci/run passes its exit status on', () => {
  expect(readFileSync('.ci/run', 'utf8')).toContain("trap 'node tools/testSummary.mjs $?' EXIT")
})
