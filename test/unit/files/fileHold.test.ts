import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, rename, rm, rmdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { holdFile, whileHolding, type FileHold } from '#files/fileHold'
import { emptyFolder } from '../../fixtures/exportTarget'

/** Stands in for the wait for a renewal; returns at once. */
const waited = vi.hoisted(() => vi.fn<(milliseconds: number) => Promise<void>>())
vi.mock('node:timers/promises', () => ({ setTimeout: waited }))

let folder: string
let path: string
const children: ChildProcess[] = []
const holds: FileHold[] = []
beforeEach(() => {
  waited.mockReset().mockResolvedValue()
  folder = emptyFolder()
  path = join(folder, 'film.slerp')
})
afterEach(async () => {
  for (const held of holds.splice(0)) await held.release()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  vi.restoreAllMocks()
})

async function hold(of = path): Promise<FileHold | string> {
  const held = await holdFile(of)
  if (typeof held !== 'string') holds.push(held)
  return held
}

/** Starts another program that wants the file; resolves with what it is told. */
async function holdElsewhere(of = path): Promise<{ said: string; child: ChildProcess }> {
  const args = ['--import', 'tsx', resolve('test/fixtures/holdFile.ts'), of]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { said: String(said), child }
}

/** Leaves the note of a holder, of this age; returns its path. */
async function leaveNote(seconds: number, holder: object = { pid: 1, host: 'studio-b' }): Promise<string> {
  await hold()
  const [name] = await readdir(folder)
  await holds.pop()!.release()
  const note = join(folder, name)
  await writeFile(note, JSON.stringify(holder))
  const then = new Date(Date.now() - seconds * 1000)
  await utimes(note, then, then)
  return note
}

/** A process of this machine that runs and has nothing to do with the file. */
const someone = { pid: process.ppid, host: hostname() }

it('names the program that holds a file to a second one, which gets the file after the release', async () => {
  await hold()
  expect((await holdElsewhere()).said).toBe(`another instance of Slerp Studio (process ${process.pid})`)
  await holds.pop()!.release()
  expect((await holdElsewhere()).said).toBe('held')
  expect(await hold()).toMatch(/^another instance of Slerp Studio \(process \d+\)$/)
})

it('takes over the file of a killed program at once (would catch a project that stays locked after a crash)', async () => {
  const { said, child } = await holdElsewhere()
  expect(said).toBe('held')
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
})

it('names the other machine that holds a file, and takes the file over once its note is older than five minutes', async () => {
  await leaveNote(60)
  expect(await hold()).toBe('Slerp Studio on “studio-b”')
  await rm(folder, { recursive: true })
  await mkdir(folder)
  await leaveNote(6 * 60)
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
})

it('takes over a file whose note is damaged', async () => {
  await hold()
  const [note] = await readdir(folder)
  await holds.pop()!.release()
  await writeFile(join(folder, note), '{"pid":')
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
  expect(JSON.parse(await readFile(join(folder, note), 'utf8'))).toMatchObject({ pid: process.pid })
})

it('names a note that it cannot remove, and takes the file once somebody else has removed it (would catch a project that fails to open as a bug of ours)', async () => {
  const note = await leaveNote(6 * 60)
  await rm(note)
  await mkdir(note)
  expect(await hold()).toBe(`a program that seems to have ended (if so, delete “${note}”)`)
  await expect(whileHolding(path, () => Promise.resolve())).rejects.toMatchObject({ code: 'UNWRITABLE' })
  await rmdir(note)
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
})

it('tries again after a failure (would catch a project that stays closed until the app is restarted)', async () => {
  await leaveNote(6 * 60, someone)
  waited.mockRejectedValueOnce(new Error('no timers'))
  await expect(hold()).rejects.toThrow('no timers')
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
})

it('leaves no note behind after a release, even a repeated one', async () => {
  await hold()
  expect(await readdir(folder)).toHaveLength(1)
  await holds[0].release()
  await holds[0].release()
  expect(await readdir(folder)).toEqual([])
})

it('is held until each hold of this program is released (would catch a cancelled opening that frees a project)', async () => {
  await Promise.all([hold(), hold()])
  await holds.pop()!.release()
  expect((await holdElsewhere()).said).toBe(`another instance of Slerp Studio (process ${process.pid})`)
  const releasing = holds.pop()!.release()
  const next = hold()
  await releasing
  expect(await next).toMatchObject({ release: expect.any(Function) })
  expect((await holdElsewhere()).said).toBe(`another instance of Slerp Studio (process ${process.pid})`)
})

it('holds one file whichever path leads to it (would catch a project saved by two programs)', async () => {
  const elsewhere = emptyFolder()
  await symlink(folder, join(elsewhere, 'folder'))
  await symlink(path, join(elsewhere, 'link.slerp'))
  // Before the file exists, only its folder can be resolved.
  const inLinked = join(elsewhere, 'folder', 'film.slerp')
  await hold(inLinked)
  expect((await holdElsewhere()).said).toBe(`another instance of Slerp Studio (process ${process.pid})`)
  await writeFile(path, '')
  await hold(join(elsewhere, 'link.slerp'))
  await holds.shift()!.release()
  for (const spelling of [path, inLinked])
    expect((await holdElsewhere(spelling)).said).toBe(
      `another instance of Slerp Studio (process ${process.pid})`,
    )
  expect(await readdir(elsewhere)).toEqual(['folder', 'link.slerp'])
})

/** Two minutes have passed since a note was renewed. */
const makeOld = (note: string) => utimes(note, Date.now() / 1000, Date.now() / 1000 - 120)

it('does not count a note that came along with a moved or copied folder (would catch a project that is open elsewhere because of itself)', async () => {
  const before = join(folder, 'before')
  await mkdir(before)
  const { child } = await holdElsewhere(join(before, 'film.slerp'))
  const copiedNote = join(folder, 'copied', '.~film.slerp.open')
  await cp(before, join(folder, 'copied'), { recursive: true })
  // It may be that of a holder in a container, which sees the folder elsewhere.
  expect(await hold(join(folder, 'copied', 'film.slerp'))).toContain(`(process ${child.pid})`)
  await makeOld(copiedNote)
  expect(await hold(join(folder, 'copied', 'film.slerp'))).toMatchObject({ release: expect.any(Function) })
  expect(await hold(join(before, 'film.slerp'))).toContain(`(process ${child.pid})`)
  await rename(before, join(folder, 'moved'))
  await makeOld(join(folder, 'moved', '.~film.slerp.open'))
  expect(await hold(join(folder, 'moved', 'film.slerp'))).toMatchObject({ release: expect.any(Function) })
  // Only the two notes of this process: nothing that was written to find this out is left.
  expect(await readdir(folder, { recursive: true })).toHaveLength(4)
})

it('counts a note whose holder knows its folder by another path, as of a disk that is mounted twice, and one of another machine (would catch a project saved by two programs)', async () => {
  const elsewhere = emptyFolder()
  await symlink(folder, join(elsewhere, 'again'))
  await leaveNote(60, { ...someone, path: join(elsewhere, 'again', '.~film.slerp.open') })
  expect(await hold()).toContain(`(process ${process.ppid})`)
  await rm(folder, { recursive: true })
  await mkdir(folder)
  await leaveNote(60, { pid: 1, host: 'studio-b', path: '/mnt/share/.~film.slerp.open' })
  expect(await hold()).toBe('Slerp Studio on “studio-b”')
  expect(await readdir(folder)).toHaveLength(1)
})

it('looks for no path on a server that a note names (would catch a note that makes Windows log in there)', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
  await leaveNote(60, { ...someone, path: '\\\\server\\share\\.~film.slerp.open' })
  expect(await hold()).toContain(`(process ${process.ppid})`)
})

it('holds a file even where no note can be written, because nobody else can write there either', async () => {
  expect(await hold(join(folder, 'gone', 'film.slerp'))).toMatchObject({ release: expect.any(Function) })
})

it('writes separate notes for files whose long names begin alike (would catch one shortened name for both)', async () => {
  const long = 'a'.repeat(240)
  await hold(join(folder, `${long}-first.slerp`))
  await hold(join(folder, `${long}-other.slerp`))
  expect(await readdir(folder)).toHaveLength(2)
})

it('takes over the file of a killed program whose process id is in use again (would catch a project that stays locked for ever)', async () => {
  await leaveNote(6 * 60, someone)
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
  // Longer than a holder takes to renew its note.
  expect(waited).toHaveBeenCalledExactlyOnceWith(25_000)
})

it('leaves a file to its holder if that renews its note after the machine slept (would catch a laptop that loses its project)', async () => {
  const note = await leaveNote(60 * 60, someone)
  waited.mockImplementation(() => utimes(note, new Date(), new Date()))
  expect(await hold()).toBe(`another instance of Slerp Studio (process ${process.ppid})`)
})

it('does not wait for a holder with a recent note, nor for one on another machine', async () => {
  await leaveNote(60, someone)
  expect(await hold()).toBe(`another instance of Slerp Studio (process ${process.ppid})`)
  await rm(folder, { recursive: true })
  await mkdir(folder)
  await leaveNote(6 * 60)
  expect(await hold()).toMatchObject({ release: expect.any(Function) })
  expect(waited).not.toHaveBeenCalled()
})

it('leaves the note of a program that has taken over since (would catch a release that frees the file of another)', async () => {
  await hold()
  const [note] = await readdir(folder)
  await writeFile(join(folder, note), JSON.stringify(someone))
  await holds.pop()!.release()
  expect(await hold()).toBe(`another instance of Slerp Studio (process ${process.ppid})`)
})

it('holds a file during work, whether that succeeds or fails, and refuses work on the file of another', async () => {
  expect(await whileHolding(path, () => readdir(folder))).toHaveLength(1)
  const failing = whileHolding(path, () => Promise.reject(new Error('full')))
  await expect(failing).rejects.toThrow('full')
  expect(await readdir(folder)).toEqual([])
  const { child } = await holdElsewhere()
  const work = vi.fn()
  await expect(whileHolding(path, work)).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: `Cannot save "${path}": another instance of Slerp Studio (process ${child.pid}) has it open. Close it there, or save under another name.`,
  })
  expect(work).not.toHaveBeenCalled()
})
