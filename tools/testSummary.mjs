#!/usr/bin/env node
// Counts the results of the last test run, and prints them as one line: "N passed, N failed".
//
//   node tools/testSummary.mjs [exit status of the run] [folder of the reports]
//
// A run that failed never counts as one without failures: see below.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [status = '0', folder = fileURLToPath(new URL('../test-results', import.meta.url))] =
  process.argv.slice(2)

/** Vitest's report. A file that fails to load has no tests, and counts as one failure. */
const countVitest = ({ numPassedTests, numFailedTests, testResults }) => ({
  passed: numPassedTests,
  failed:
    numFailedTests +
    testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
})

/** How to count each runner's JSON report; skipped tests are neither passed nor failed. */
const reports = [
  { name: 'unit', count: countVitest },
  {
    name: 'e2e',
    count: ({ stats, errors }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
    }),
  },
  { name: 'package', count: countVitest },
]

/** The reports of one runner, numbered if several ran at once: e2e.json, or e2e-1.json and so on. */
const filesOf = (name) =>
  existsSync(folder)
    ? readdirSync(folder).filter((file) => new RegExp(`^${name}(-\\d+)?\\.json$`).test(file))
    : []

const total = { passed: 0, failed: 0 }
for (const { name, count } of reports) {
  const files = filesOf(name)
  if (files.length === 0) {
    console.log(`${name}: no report, these tests did not run, which counts as one failure`)
    total.failed += 1
  }
  for (const file of files) {
    const { passed, failed } = count(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    console.log(`${file}: ${passed} passed, ${failed} failed`)
    total.passed += passed
    total.failed += failed
  }
}
if (status !== '0' && total.failed === 0) {
  console.log(`The run ended with ${status}: something outside the tests failed, which counts as one failure`)
  total.failed = 1
}
console.log(`${total.passed} passed, ${total.failed} failed`)
