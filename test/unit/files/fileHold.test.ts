import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdFile, type FileHold } from '#files/fileHold'
import { emptyFolder } from '../../fixtures/exportTarget'

let folder: string
let path: string
const children: ChildProcess[] = []
const holds: FileHold[] = []
beforeEach(() => {
  folder = emptyFolder()
  path = join(folder, 'film.slerp')
})
afterEach(async () => {
  for (const hold of holds.splice(0)) await hold.release()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function hold(of = path): Promise<FileHold | string> {
  const held = await holdFile(of)
  if (typeof held !== 'string') holds.push(held)
  return held
}

/** Starts another program that wants the file; resolves with what it is told. */
async function holdElsewhere(): Promise<{ said: string; child: ChildProcess }> {
  const args = ['--import', 'tsx', resolve('test/fixtures/holdFile.ts'), path]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { said: String(said), child }
}

/** Leaves the note of a holder on another machine, of this age. */
async function leaveNote(seconds: number): Promise<void> {
  await hold()
  const [note] = await readdir(folder)
  await holds.pop()!.release()
  await writeFile(join(folder, note), JSON.stringify({ pid: 1, host: 'studio-b' }))
  const then = new Date(Date.now() - seconds * 1000)
  await utimes(join(folder, note), then, then)
}

it('names the program that holds a file to a second one, which gets the file after the release', async () => {
  await hold()
  expect((await holdElsewhere()).said).toBe(`another program (process ${process.pid})`)
  await holds.pop()!.release()
  expect((await holdElsewhere()).said).toBe('held')
  expect(await hold()).toMatch(/^another program \(process \d+\)$/)
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
  expect(await hold()).toBe('a program on “studio-b”')
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

it('leaves no note behind after a release, even a repeated one', async () => {
  await hold()
  expect(await readdir(folder)).toHaveLength(1)
  await holds[0].release()
  await holds[0].release()
  expect(await readdir(folder)).toEqual([])
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
