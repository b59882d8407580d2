import { spawn, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type * as Timers from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isLockName, lockFolder } from '#files/folderLock'

/** The waits of a process that wants a folder. */
const waited = vi.hoisted(() => vi.fn<(milliseconds: number) => Promise<void>>())
vi.mock('node:timers/promises', async (load) => {
  const real = await load<typeof Timers>()
  waited.mockImplementation((milliseconds) => real.setTimeout(milliseconds))
  return { ...real, setTimeout: waited }
})

const newFolder = () => mkdtempSync(join(tmpdir(), 'slerp-studio-test-'))

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Starts another process that tries to lock a folder; resolves with what it says. */
async function tryElsewhere(folder: string): Promise<{ said: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', resolve('test/fixtures/holdFolder.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const said = await new Promise<string>((settle) =>
    child.stdout.once('data', (data) => settle(String(data))),
  )
  return { said: said.trim(), child }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((settle) => child.once('exit', settle))
  child.kill('SIGKILL')
  await ended
}

describe('a locked folder', () => {
  it('is refused to another process, with the name of the holder, until it is released', async () => {
    const folder = newFolder()
    const lock = await lockFolder(folder, 'film.gif')
    const { said } = await tryElsewhere(folder)
    expect(said).toMatch(
      /^refused: Cannot write "film\.gif": Slerp Studio is writing there already \(process /,
    )
    expect(said).toContain(`process ${process.pid}, since 20`)
    await lock.release()
    expect((await tryElsewhere(folder)).said).toBe('held')
  })

  it('is refused to another task of the same process, whichever path leads to it', async () => {
    const folder = newFolder()
    const lock = await lockFolder(folder, 'film.gif')
    const link = join(newFolder(), 'link')
    symlinkSync(folder, link)
    for (const spelling of [`${folder}/`, link])
      await expect(lockFolder(spelling, 'film.gif')).rejects.toMatchObject({ code: 'UNWRITABLE' })
    await lock.release()
  })

  it('is free at once after its process is killed (would catch a wait until the lock is stale)', async () => {
    const folder = newFolder()
    const { said, child } = await tryElsewhere(folder)
    expect(said).toBe('held')
    await kill(child)
    const lock = await lockFolder(folder, 'film.gif')
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('goes to only one of several processes that find its holder dead', async () => {
    const folder = newFolder()
    const { child } = await tryElsewhere(folder)
    await kill(child)
    const tries = await Promise.all(Array.from({ length: 5 }, () => tryElsewhere(folder)))
    expect(tries.filter(({ said }) => said === 'held')).toHaveLength(1)
  })

  it('is free if an earlier process had the same id as this one (would catch a container that is locked out after a restart)', async () => {
    const folder = newFolder()
    const before = { pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z' }
    writeFileSync(join(folder, '.slerp-studio.holder.json'), JSON.stringify(before))
    const lock = await lockFolder(folder, 'film.gif')
    const { since } = JSON.parse(readFileSync(join(folder, '.slerp-studio.holder.json'), 'utf8'))
    expect(since).not.toBe(before.since)
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('stays with a process on another machine until its record is stale', async () => {
    const folder = newFolder()
    const record = join(folder, '.slerp-studio.holder.json')
    const elsewhere = { pid: 1, host: 'another', since: '2026-01-01T00:00:00Z' }
    writeFileSync(record, JSON.stringify(elsewhere))
    await expect(lockFolder(folder, 'film.gif')).rejects.toThrow('process 1 on "another"')
    const tenMinutesAgo = Date.now() / 1000 - 600
    utimesSync(record, tenMinutesAgo, tenMinutesAgo)
    await (await lockFolder(folder, 'film.gif')).release()
  })

  it('is free if its process was killed while taking the lock', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, '.slerp-studio.turn'))
    writeFileSync(join(folder, '.slerp-studio.holder.json'), '{"pid":')
    const lock = await lockFolder(folder, 'film.gif')
    await lock.release()
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('contains only files that isLockName recognises, unlike the name of a frame', async () => {
    const folder = newFolder()
    const lock = await lockFolder(folder, 'film.gif')
    expect(readdirSync(folder).filter((name) => !isLockName(name))).toEqual([])
    expect(isLockName('000001.png')).toBe(false)
    await lock.release()
  })

  it('is free where it is the copy of one that another process holds (would catch a copied study that nobody writes to)', async () => {
    const folder = newFolder()
    expect((await tryElsewhere(folder)).said).toBe('held')
    const copy = join(newFolder(), 'copy')
    cpSync(folder, copy, { recursive: true })
    const twoMinutesAgo = Date.now() / 1000 - 120
    utimesSync(join(copy, readdirSync(copy)[0]), twoMinutesAgo, twoMinutesAgo)
    await (await lockFolder(copy, 'film.gif')).release()
    expect(readdirSync(copy)).toEqual([])
    await expect(lockFolder(folder, 'film.gif')).rejects.toMatchObject({ code: 'UNWRITABLE' })
  })

  it('has to exist', async () => {
    await expect(lockFolder(join(newFolder(), 'none'), 'film.gif')).rejects.toMatchObject({
      code: 'UNWRITABLE',
    })
  })
})

describe('a folder locked by a process of this machine that has not renewed its record', () => {
  let folder: string
  let record: string
  /** The milliseconds that have passed by waiting. */
  let passed: number
  let renewals: () => void
  beforeEach(() => {
    folder = newFolder()
    record = join(folder, '.slerp-studio.holder.json')
    passed = 0
    renewals = () => undefined
    const now = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => now() + passed)
    waited.mockImplementation((milliseconds) => {
      passed += milliseconds
      renewals()
      return Promise.resolve()
    })
  })
  afterEach(() => vi.restoreAllMocks())

  /** Records a process that runs and has nothing to do with the folder, as of an hour ago. */
  function leaveRecord(): void {
    const holder = { pid: process.ppid, host: hostname(), since: '2026-01-01T00:00:00Z' }
    writeFileSync(record, JSON.stringify(holder))
    utimesSync(record, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600)
  }

  it('stays with it if it renews the record within 25 seconds (would catch two exports into one folder after a sleep)', async () => {
    leaveRecord()
    renewals = () => {
      if (passed > 19_000) utimesSync(record, Date.now() / 1000, Date.now() / 1000)
    }
    await expect(lockFolder(folder, 'film.gif')).rejects.toThrow(`(process ${process.ppid}, since`)
  })

  it('is taken if it renews nothing for 25 seconds, because another process may have its id', async () => {
    leaveRecord()
    const lock = await lockFolder(folder, 'film.gif')
    // Longer than a holder takes to renew its record.
    expect(passed).toBeGreaterThan(20_000)
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is not freed by an earlier holder (would catch a release that removes the record of another)', async () => {
    const lock = await lockFolder(folder, 'film.gif')
    leaveRecord()
    utimesSync(record, Date.now() / 1000, Date.now() / 1000)
    await lock.release()
    await expect(lockFolder(folder, 'film.gif')).rejects.toThrow(`(process ${process.ppid}, since`)
  })
})
