import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { countStart, offerDefaults } from '../../../src/main/unfinishedStarts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starts-'))
  writeFileSync(join(folder, 'session.json'), 'what crashes')
})

/** A dialog that answers with a given button, and counts how often it was shown. */
function answering(button: string) {
  const asked: string[] = []
  return {
    asked,
    showMessageBox: (async ({ message, buttons }: { message: string; buttons: string[] }) => {
      asked.push(message)
      return { response: buttons.indexOf(button), checkboxChecked: false }
    }) as never,
  }
}

it('asks at the third start, after two that crashed, and not before', async () => {
  const dialog = answering('Start as usual')
  for (let start = 1; start <= 3; start++) await offerDefaults(folder, countStart(folder), dialog)
  expect(dialog.asked).toEqual(['Slerp Studio did not finish its last 2 starts.'])
})

it('forgets earlier crashes once a start succeeds (would catch an offer weeks later)', async () => {
  const dialog = answering('Start as usual')
  countStart(folder)
  countStart(folder).finish()
  countStart(folder)
  await offerDefaults(folder, countStart(folder), dialog)
  expect(dialog.asked).toEqual([])
})

it('sets the last session aside unchanged when the user starts with defaults', async () => {
  for (let start = 1; start <= 2; start++) countStart(folder)
  const notice = await offerDefaults(folder, countStart(folder), answering('Start with defaults'))
  expect(existsSync(join(folder, 'session.json'))).toBe(false)
  expect(readFileSync(join(folder, 'session.json.before-defaults'), 'utf8')).toBe('what crashes')
  expect(notice).toContain(folder)
})

it('sets a second session aside next to the first, and names both files (would catch the work of the first lost)', async () => {
  for (let start = 1; start <= 2; start++) countStart(folder)
  const notices: (string | null)[] = []
  for (const text of ['first work', 'second work']) {
    writeFileSync(join(folder, 'work.json'), text)
    notices.push(await offerDefaults(folder, countStart(folder), answering('Start with defaults')))
  }
  const names = ['work.json.before-defaults', 'work.json.before-defaults-2']
  expect(names.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['first work', 'second work'])
  expect(notices).toEqual(names.map((name) => expect.stringContaining(`"${name}"`)))
})

it('changes nothing when the user starts as usual', async () => {
  for (let start = 1; start <= 2; start++) countStart(folder)
  expect(await offerDefaults(folder, countStart(folder), answering('Start as usual'))).toBeNull()
  expect(readFileSync(join(folder, 'session.json'), 'utf8')).toBe('what crashes')
})

it.each(['', 'x', '-3', 'Infinity', '1e999'])('counts from none after a damaged file "%s"', (text) => {
  writeFileSync(join(folder, 'starting'), text)
  expect([countStart(folder).count, countStart(folder).count]).toEqual([0, 1])
})

it('counts no crash when the folder cannot be written', () => {
  expect(countStart(join(folder, 'not/there')).count).toBe(0)
})
