import { readdir, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { projectHandlers } from '../../../../src/main/ipc/projectHandlers'
import { OpenProject } from '../../../../src/main/OpenProject'
import { WriteGrants } from '../../../../src/main/WriteGrants'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { fakeEngine } from './fakeEngine'

let folder: string
beforeEach(() => {
  folder = emptyFolder()
})

const context = { requestId: '1', signal: new AbortController().signal }
const at = (name: string): string => join(folder, name)

/** The handlers of a window, and the notes of held files at each request to its engine. */
function window(fails = false) {
  const during: string[][] = []
  const engine = fakeEngine(async () => {
    during.push(await notes())
    return fails
      ? { ok: false, error: { code: 'UNWRITABLE', message: 'full' } }
      : { ok: true, data: { document: emptyDocument() } }
  })
  const grants = new WriteGrants()
  for (const name of ['film.slerp', 'other.slerp']) grants.grant(at(name))
  const open = new OpenProject()
  const recent = { add: () => undefined } as never
  const parts = { engine, version: '1', grants, recent, open, picturesFolder: folder, resources: folder }
  const handlers = projectHandlers({ ...parts, knownFolders: () => ['/photos'], show: () => undefined })
  const save = (path: string, collect = false) => {
    const request = { document: emptyDocument(), model: null, path, overwrite: true, from: null, collect }
    return handlers['project.save'](request, context)
  }
  const show = (path: string | null) =>
    handlers['project.show']({ path, name: 'film', dirty: false, keepPictures: true }, context)
  return {
    engine,
    open,
    during,
    save,
    show,
    load: (path: string) => handlers['project.open']({ path }, context),
  }
}

const notes = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.open'))

it('holds a project before it is read and while it is saved (would catch a change between reading and holding)', async () => {
  const { load, save, during } = window()
  expect(await load(at('film.slerp'))).toMatchObject({ heldBy: null })
  await save(at('other.slerp'))
  expect(during).toEqual([['.~film.slerp.open'], ['.~film.slerp.open', '.~other.slerp.open']])
  expect(await notes()).toEqual(['.~other.slerp.open'])
})

it('opens a project with the folders that the user has opened pictures from', async () => {
  const { engine, load } = window()
  await load(at('film.slerp'))
  expect(engine.calls[0].input).toMatchObject({ knownFolders: ['/photos'], resources: folder })
})

it('keeps the project that it holds if another cannot be opened or saved', async () => {
  const { open, load, save } = window(true)
  await open.hold(at('film.slerp'), async () => null)
  const failing = [load(at('other.slerp')), save(at('other.slerp'))]
  await Promise.all(failing.map((one) => expect(one).rejects.toThrow('full')))
  expect(await open.holds(at('film.slerp'))).toBe(true)
  expect(await notes()).toEqual(['.~film.slerp.open'])
})

it('writes nothing over a project that another program has open, collected copies included', async () => {
  await writeFile(at('.~film.slerp.open'), JSON.stringify({ pid: process.ppid, host: hostname() }))
  const { load, save, during } = window()
  expect(await load(at('film.slerp'))).toMatchObject({
    heldBy: `another instance of Slerp Studio (process ${process.ppid})`,
  })
  for (const collect of [false, true])
    await expect(save(at('film.slerp'), collect)).rejects.toMatchObject({ code: 'UNWRITABLE' })
  expect(during).toHaveLength(1)
})

it('collects over its own project without releasing it, and does not hold any other copy afterwards', async () => {
  const { load, save } = window()
  await load(at('film.slerp'))
  await save(at('film.slerp'), true)
  await save(at('other.slerp'), true)
  expect(await notes()).toEqual(['.~film.slerp.open'])
})

/** Work on a project that has begun, and ends when it is told to. */
async function openSlowly(open: OpenProject, path: string) {
  let end = (_failure?: Error): void => undefined
  let ended = Promise.resolve()
  await new Promise<void>((begun) => {
    const work = (): Promise<void> =>
      new Promise((resolve, reject) => {
        end = (failure) => (failure ? reject(failure) : resolve())
        begun()
      })
    ended = open.hold(path, work)
  })
  return { ended, end }
}

it('goes on holding a project that is opened twice when the first attempt is cancelled', async () => {
  const { open } = window()
  const opening = [openSlowly(open, at('film.slerp')), openSlowly(open, at('film.slerp'))]
  const [first, second] = await Promise.all(opening)
  first.end(new Error('cancelled'))
  await expect(first.ended).rejects.toThrow('cancelled')
  second.end()
  await second.ended
  expect([await open.holds(at('film.slerp')), await notes()]).toEqual([true, ['.~film.slerp.open']])
})

it.each([
  ['is cancelled', new Error('cancelled')],
  ['ends', undefined],
])('holds the project that was opened last, even if the one before %s later', async (_, failure) => {
  const { open, load } = window()
  await load(at('film.slerp'))
  const opening = [openSlowly(open, at('slow.slerp')), openSlowly(open, at('other.slerp'))]
  const [slow, last] = await Promise.all(opening)
  last.end()
  await last.ended
  slow.end(failure)
  await slow.ended.catch(() => undefined)
  expect([await open.holds(at('other.slerp')), await notes()]).toEqual([true, ['.~other.slerp.open']])
})

it('holds what the window shows, though it had begun to open another, and only where it may write', async () => {
  const { load, show } = window()
  await load(at('film.slerp'))
  await load(at('other.slerp'))
  await show(at('film.slerp'))
  expect(await notes()).toEqual(['.~film.slerp.open'])
  await show(at('elsewhere.slerp'))
  expect(await notes()).toEqual(['.~film.slerp.open'])
  await show(null)
  expect(await notes()).toEqual([])
})

it('goes on holding a project that is shown by another path (would catch a hold that is taken again for each)', async () => {
  const { open, load } = window()
  await writeFile(at('film.slerp'), '')
  await symlink(at('film.slerp'), at('link.slerp'))
  await load(at('link.slerp'))
  expect(await open.holds(at('film.slerp'))).toBe(true)
  expect(await notes()).toEqual(['.~film.slerp.open'])
})
