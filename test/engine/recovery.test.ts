import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { engineOf } from '../fixtures/engineOf'
import { newFolder, runCli, startCli } from '../fixtures/cli'

const samples = ['apple-red-yellow.webp', 'tomato-cherry-red.webp'].map((name) =>
  resolve('resources/samples', name),
)
const morph = ['morph', ...samples, '--frames', '12', '--batch', '2', '--steps', '6', '--threads', '1']

/** The frames of a PNG sequence, by name. */
function framesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

/** Waits until the morph has saved its first frames, which is the middle of the work. */
async function firstFrames(folder: string): Promise<void> {
  const partial = join(folder, 'frames.partial')
  while (!existsSync(partial) || readdirSync(partial).filter((name) => name.endsWith('.png')).length < 4) {
    await sleep(20)
  }
}

async function undisturbed(): Promise<Record<string, string>> {
  const folder = newFolder()
  expect((await runCli([...morph, '-o', 'frames'], folder)).code).toBe(0)
  return framesOf(join(folder, 'frames'))
}

describe('a morph that is interrupted', () => {
  it('restarts a killed engine, reports it, and makes the same frames as an undisturbed run', async () => {
    const folder = newFolder()
    const running = startCli([...morph, '-o', 'frames', '--json'], folder)
    await firstFrames(folder)
    process.kill(engineOf(running.process.pid!), 'SIGKILL')
    const { code, stdout, stderr } = await running.result
    expect(stderr).toContain('SIGKILL')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).resumedFrames).toBeGreaterThanOrEqual(4)
    expect(framesOf(join(folder, 'frames'))).toEqual(await undisturbed())
  })

  it('leaves only complete files after Ctrl-C, and the same command resumes from them', async () => {
    const folder = newFolder()
    const running = startCli([...morph, '-o', 'frames'], folder)
    await firstFrames(folder)
    running.process.kill('SIGINT')
    expect((await running.result).code).toBe(130)
    expect(readdirSync(folder)).toEqual(['frames.partial'])
    expect(readdirSync(join(folder, 'frames.partial')).filter((name) => !/^\d{6}\.png$/.test(name))).toEqual([
      'provenance.json',
    ])
    const { stdout } = await runCli([...morph, '-o', 'frames', '--json'], folder)
    expect(JSON.parse(stdout).resumedFrames).toBeGreaterThanOrEqual(4)
    expect(readdirSync(folder)).toEqual(['frames'])
    expect(framesOf(join(folder, 'frames'))).toEqual(await undisturbed())
  })
})

describe('an engine that a scheduler signals', () => {
  it('opens no debugger, and makes the same frames (would catch a port that runs code for any local user)', async () => {
    const folder = newFolder()
    const running = startCli([...morph, '-o', 'frames'], folder)
    await firstFrames(folder)
    process.kill(engineOf(running.process.pid!), 'SIGUSR1')
    const { code, stderr } = await running.result
    expect(code).toBe(0)
    expect(stderr).not.toContain('Debugger')
    expect(framesOf(join(folder, 'frames'))).toEqual(await undisturbed())
  })
})

describe('two commands with the same output folder', () => {
  it('do not write at the same time: the first makes the film, and the second names the process that is writing', async () => {
    const folder = newFolder()
    const first = startCli([...morph, '-o', 'frames'], folder)
    await firstFrames(folder)
    // Suspended, so that it is still running when the other stops waiting for it.
    const engine = engineOf(first.process.pid!)
    process.kill(engine, 'SIGSTOP')
    const second = await runCli([...morph, '-o', 'frames'], folder)
    process.kill(engine, 'SIGCONT')
    expect(second.code).toBe(73)
    expect(second.stderr).toContain(`Slerp Studio is writing there already (process ${engine}, since`)
    expect((await first.result).code).toBe(0)
    expect(readdirSync(folder)).toEqual(['frames'])
    expect(framesOf(join(folder, 'frames'))).toEqual(await undisturbed())
  })
})

describe('an engine killed just after its film gets its final name', () => {
  it('does not mistake the film for another one (would catch an “exists already” error for its own result)', async () => {
    const folder = newFolder()
    const running = startCli([...morph, '-o', 'film.gif', '--json'], folder)
    while (!existsSync(join(folder, 'film.gif.partial'))) await sleep(20)
    const engine = engineOf(running.process.pid!)
    while (!existsSync(join(folder, 'film.gif'))) await sleep(1)
    try {
      process.kill(engine, 'SIGKILL')
    } catch {
      // It was faster, and all is well.
    }
    const { code, stdout } = await running.result
    expect(code, stdout).toBe(0)
    expect(readdirSync(folder)).toEqual(['film.gif'])
  })
})

describe('an interrupted demo', () => {
  it('says where its frames are kept and resumes from them (would catch Ctrl-C discarding them)', async () => {
    const folder = newFolder()
    const demo = ['demo', '-o', '.', '--steps', '4', '--threads', '1', '--json']
    const running = startCli(demo, folder)
    await firstFrames(folder)
    running.process.kill('SIGINT')
    const { code, stderr } = await running.result
    expect(code).toBe(130)
    expect(stderr).toContain(`Finished frames are kept in "${join('.', 'frames.partial')}"`)
    const { stdout } = await runCli(demo, folder)
    expect(JSON.parse(stdout).outputs[0].resumedFrames).toBeGreaterThanOrEqual(4)
    expect(Object.keys(framesOf(join(folder, 'frames')))).toHaveLength(60)
    expect(existsSync(join(folder, 'frames.partial'))).toBe(false)
  }, 300_000)
})
