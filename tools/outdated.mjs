#!/usr/bin/env node
// `npm run outdated`: lists packages with newer releases, and checks whether Electron lacks security patches.
// Asks npm's registry; fails only because of Electron.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Electron's patch releases carry Chromium's security fixes: the longest time to stay behind one. */
const mostDays = 14

/**
 * Returns the oldest release of the same major version that is newer than ours and has been out for too long,
 * or null if there is none.
 *
 * @param {string} ours  "45.4.1"
 * @param {Record<string, string>} times  version -> when it was published, ISO 8601
 * @param {number} now  milliseconds since 1970
 */
export function overdueRelease(ours, times, now) {
  const numbers = (version) => version.split('.').map(Number)
  const isNewer = (version) => {
    const [a, b] = [numbers(version), numbers(ours)]
    const at = a.findIndex((number, place) => number !== b[place])
    return at > 0 && a[at] > b[at]
  }
  const days = (version) => (now - Date.parse(times[version])) / 86_400_000
  const overdue = Object.keys(times)
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version) && isNewer(version) && days(version) > mostDays)
    .sort((a, b) => Date.parse(times[a]) - Date.parse(times[b]))
  return overdue[0] ?? null
}

function checkElectron() {
  const { electron } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).devDependencies
  const times = JSON.parse(execFileSync('npm', ['view', 'electron', 'time', '--json'], { encoding: 'utf8' }))
  const overdue = overdueRelease(electron, times, Date.now())
  if (overdue === null)
    return console.log(`Electron ${electron}: no patch of it is older than ${mostDays} days.`)
  console.error(`Electron ${electron}: ${overdue} has been out for more than ${mostDays} days. Update it.`)
  process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  spawnSync('npm', ['outdated'], { cwd: root, stdio: 'inherit' })
  checkElectron()
}
