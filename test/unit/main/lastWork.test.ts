import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { JsonFolder } from '../../../src/main/JsonFolder'
import { openWork } from '../../../src/main/lastWork'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'last-work-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = () => openWork(new JsonFolder(folder))
const edited = (notes: string) => ({
  document: { ...emptyDocument(), notes },
  path: '/films/a.slerp',
  from: '/films/a.slerp',
  name: 'a',
  dirty: true,
})

it('keeps unsaved changes for the next start, and knows whether the app ended properly', async () => {
  const work = await open()
  await work.save(edited('changed'))
  expect((await open()).last).toMatchObject({ dirty: true, crashed: true, document: { notes: 'changed' } })
  await work.end()
  expect((await open()).last).toMatchObject({ dirty: true, crashed: false })
})

it('keeps which project a copy without a file came from (would catch a later save that loses what only that file holds)', async () => {
  const work = await open()
  await work.save({ ...edited('a copy'), path: null, name: 'a copy' })
  await work.end()
  expect((await open()).last).toMatchObject({ path: null, from: '/films/a.slerp', name: 'a copy' })
})

it('after “Don’t save”, the next start opens the project as saved, whatever the closing window still sends (would catch discarded changes that come back)', async () => {
  const work = await open()
  await work.save(edited('changed'))
  work.discard()
  await work.save(edited('as the page unloads'))
  await work.end()
  expect((await open()).last).toMatchObject({ path: '/films/a.slerp', dirty: false, crashed: false })
})

it('after “Don’t save”, offers nothing to recover even if the app does not end properly', async () => {
  const files = new JsonFolder(folder)
  const work = await openWork(files)
  await work.save(edited('changed'))
  work.discard()
  await files.idle()
  expect((await open()).last).toMatchObject({ path: '/films/a.slerp', dirty: false })
})

it('calls work untitled whose name an earlier version did not keep', async () => {
  const work = { document: emptyDocument(), path: null, from: null, dirty: true, open: false }
  await writeFile(join(folder, 'work.json'), JSON.stringify(work))
  expect((await open()).last).toMatchObject({ name: 'Untitled', dirty: true })
})
