#!/usr/bin/env node
// Counts what the last run of the tests reported, and prints it as one line: "N passed, N failed".
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test-results/', import.meta.url))

/** Vitest's report. A file that does not even load has no tests to fail. */
const countVitest = ({ numPassedTests, numFailedTests, testResults }) => ({
  passed: numPassedTests,
  failed:
    numFailedTests +
    testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
      .length,
})

/** How each runner's JSON report counts; skipped tests are neither passed nor failed. */
const reports = [
  { file: 'unit.json', count: countVitest },
  {
    file: 'e2e.json',
    count: ({ stats, errors }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
    }),
  },
  { file: 'package.json', count: countVitest },
]

const total = { passed: 0, failed: 0 }
for (const { file, count } of reports) {
  if (!existsSync(folder + file)) {
    console.log(`${file}: no report, these tests did not run`)
    continue
  }
  const { passed, failed } = count(JSON.parse(readFileSync(folder + file, 'utf8')))
  console.log(`${file}: ${passed} passed, ${failed} failed`)
  total.passed += passed
  total.failed += failed
}
console.log(`${total.passed} passed, ${total.failed} failed`)
