import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdFile, type FileHold } from '#files/fileHold'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'
import { filmOf, startEngine } from '../fixtures/projects'

const sample = (name: string): string => resolve('resources/samples', `${name}.webp`)
const quick = ['--model', tinyModel, '--steps', '3', '--threads', '1', '--device', 'cpu']

let folder: string
beforeEach(() => {
  folder = newFolder()
  mkdirSync(join(folder, 'photos'))
  for (const name of ['apple-golden', 'tomato-heart'])
    copyFileSync(sample(name), join(folder, 'photos', `${name}.webp`))
})

async function run(...args: string[]) {
  const { code, stdout, stderr } = await runCli(args, folder)
  return { code, stderr, stdout, report: stdout.startsWith('{') ? JSON.parse(stdout) : null }
}

const newFilm = () =>
  run(
    'project',
    'new',
    'film.slerp',
    'photos/apple-golden.webp',
    'seed:42',
    'mix:photos/tomato-heart.webp,2*seed:7',
    ...quick,
  )

describe('slerp-studio project', () => {
  it('creates a project from a picture, a seed and a mix, adds a picture, and lists its contents', async () => {
    expect(await newFilm()).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Saved film.slerp'),
    })
    expect(await run('project', 'add', 'film.slerp', 'photos/tomato-heart.webp')).toMatchObject({ code: 0 })
    const { code, report } = await run('project', 'inspect', 'film.slerp', '--json')
    expect(code).toBe(0)
    expect(report).toMatchObject({ ok: true, missing: [], problems: [], newer: false })
    const { pictures, latents, timeline, model } = report.document
    expect([pictures.length, latents.length, timeline.stops.length]).toEqual([3, 3, 4])
    expect(model).toMatchObject({ name: 'one-layer' })
    expect(report.computes).toMatchObject([{ provider: 'cpu', threads: 1 }])
    // The version before the last save is next to it.
    expect(existsSync(join(folder, 'film.previous.slerp'))).toBe(true)
    const told = await run('project', 'inspect', 'film.slerp')
    expect(told.stdout).toMatch(/Stops +4[^]*All parts are intact/)
  })

  it('stores the given class of each stop for a class-conditional model, and renders with a default class when none is given', async () => {
    const model = [
      '--model',
      join(tinyModel, '../class-conditional'),
      '--steps',
      '3',
      '--threads',
      '1',
      '--device',
      'cpu',
    ]
    const stops = ['photos/apple-golden.webp', 'seed:42']
    expect(await run('project', 'new', 'film.slerp', ...stops, '--class', '2', ...model)).toMatchObject({
      code: 0,
    })
    const { document } = (await run('project', 'inspect', 'film.slerp', '--json')).report
    expect([...document.pictures, ...document.latents].map((item) => item.class)).toEqual([2, 2])
    // By default it is the first, as in the window.
    expect(await run('project', 'new', 'first.slerp', ...stops, ...model)).toMatchObject({ code: 0 })
    expect(await run('render', 'first.slerp', '-o', 'first.gif')).toMatchObject({ code: 0 })
  })

  it('writes no project that another program has open (would catch a change that its next save undoes)', async () => {
    await newFilm()
    await run('render', 'film.slerp', '-o', 'film.gif')
    const film = join(folder, 'film.slerp')
    const before = readFileSync(film)
    const hold = (await holdFile(film)) as FileHold
    for (const command of [
      ['add', 'film.slerp', 'seed:1'],
      ['new', 'film', 'seed:1', 'seed:2', '--force', ...quick],
      ['from', 'film.gif', 'film', '--force'],
      ['collect', 'film.slerp', 'film', '--force'],
    ]) {
      const sentence = `Cannot save "film.slerp": another instance of Slerp Studio (process ${process.pid}) has it open.`
      expect(await run('project', ...command), command[0]).toMatchObject({
        code: 73,
        stderr: expect.stringContaining(sentence),
      })
    }
    expect(readFileSync(film).equals(before)).toBe(true)
    await hold.release()
    expect(await run('project', 'add', 'film.slerp', 'seed:1')).toMatchObject({ code: 0 })
    expect(readdirSync(folder).filter((name) => name.endsWith('.open'))).toEqual([])
  })

  it('loses no stop of two that are added at once', async () => {
    await newFilm()
    const added = await Promise.all(
      ['seed:1', 'seed:2'].map((stop) => run('project', 'add', 'film.slerp', stop)),
    )
    const done = added.filter(({ code }) => code === 0).length
    expect(added.map(({ code }) => code).filter((code) => code !== 0 && code !== 73)).toEqual([])
    expect(done).toBeGreaterThan(0)
    const { report } = await run('project', 'inspect', 'film.slerp', '--json')
    expect(report.document.timeline.stops).toHaveLength(3 + done)
  })

  it('refuses to overwrite a project', async () => {
    await newFilm()
    expect(await newFilm()).toMatchObject({ code: 73 })
  })

  it('verifies that its latents match a new encoding of its pictures, and exits with 65 for another model', async () => {
    await newFilm()
    const verified = await run('project', 'verify', 'film.slerp', '--json')
    expect(verified).toMatchObject({ code: 0, stderr: '', report: { ok: true, damaged: [] } })
    expect(verified.report.latents.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'identical',
      'identical',
    ])
    const told = await run('project', 'verify', 'film.slerp')
    expect(told.stdout).toMatch(/the same to the bit[^]*No differences found/)
    const elsewhere = await run('project', 'verify', 'film.slerp', '--threads', '2', '--json')
    expect(elsewhere.report).toMatchObject({ ok: true, latents: [{ tolerance: 1e-3 }, { tolerance: 1e-3 }] })
    const other = await run('project', 'verify', 'film.slerp', '--model', 'fruits-64')
    expect(other).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('was made with the model "one-layer"'),
    })
  })

  it('collects everything that another computer needs to render the film', async () => {
    await newFilm()
    expect(await run('project', 'collect', 'film.slerp', 'collected')).toMatchObject({ code: 0, stderr: '' })
    rmSync(join(folder, 'photos'), { recursive: true })
    mkdirSync(join(folder, 'there'))
    renameSync(join(folder, 'collected.slerp'), join(folder, 'there', 'collected.slerp'))
    const rendered = await run('render', 'there/collected.slerp', '-o', 'film.gif', '--json')
    expect(rendered).toMatchObject({ code: 0, report: { ok: true, format: 'gif' } })
    const inspected = await run('project', 'inspect', 'there/collected.slerp', '--json')
    expect(inspected.report.missing).toEqual([])
  })

  it('refuses to render or extend a film without its own model, and still copies it (would catch another model used instead)', async () => {
    cpSync(tinyModel, join(folder, 'own'), { recursive: true })
    const settings = ['--steps', '3', '--threads', '1', '--device', 'cpu']
    const stops = ['photos/apple-golden.webp', 'seed:42']
    await run('project', 'new', 'film.slerp', ...stops, '--model', 'own', ...settings)
    renameSync(join(folder, 'own'), join(folder, 'moved'))
    for (const command of [
      ['render', 'film.slerp', '-o', 'a.gif'],
      ['project', 'add', 'film.slerp', 'seed:1'],
    ]) {
      expect(await run(...command), command[0]).toMatchObject({
        code: 65,
        stderr: expect.stringMatching(/was made with the model "own".*--model/),
      })
    }
    expect(await run('project', 'collect', 'film.slerp', 'copy.slerp')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Warning: The model "own" is not on this computer/),
    })
    expect(await run('project', 'add', 'film.slerp', 'seed:1', '--model', 'moved')).toMatchObject({ code: 0 })
    const verified = await run('project', 'verify', 'copy.slerp', '--model', 'moved', '--json')
    expect(verified.report.latents).toMatchObject([{ verdict: 'identical' }])
  })

  it('renders shards that merge into the same film as a single run', async () => {
    await newFilm()
    const output = ['-o', 'frames', '--threads', '1']
    for (const shard of ['1/2', '0/2']) {
      expect(await run('render', 'film.slerp', ...output, '--shard', shard)).toMatchObject({ code: 0 })
    }
    expect(await run('merge', 'frames', '-o', 'merged.apng')).toMatchObject({ code: 0 })
    expect(await run('render', 'film.slerp', '-o', 'whole.apng', '--threads', '1')).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'merged.apng')).equals(readFileSync(join(folder, 'whole.apng')))).toBe(
      true,
    )
  })

  it('keeps the project’s frame rate when shards are merged (would catch a merged film with another speed)', async () => {
    const paths = ['apple-golden', 'tomato-heart'].map((name) => join(folder, 'photos', `${name}.webp`))
    const stops = ['p0', 'p1'].map((source, at) => ({ id: `s${at}`, source }))
    const timeline = { stops, segments: [{ frames: 2 }], fps: 12.5 }
    await startEngine(folder).save(join(folder, 'film.slerp'), filmOf(paths, { timeline }))
    const render = ['render', 'film.slerp', '--model', tinyModel, '--threads', '1', '--device', 'cpu']
    const shard = [...render, '-o', 'frames', '--shard', '0/1']
    expect(await run(...shard, '--scale', '2')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('give --scale to merge'),
    })
    expect(await run(...shard)).toMatchObject({ code: 0 })
    const film = async (name: string, ...command: string[]) => {
      expect(await run(...command, '-o', name)).toMatchObject({ code: 0 })
      return readFileSync(join(folder, name))
    }
    const whole = await film('whole.apng', ...render)
    expect(await film('merged.apng', 'merge', 'frames')).toEqual(whole)
    expect(await film('slower.apng', 'merge', 'frames', '--fps', '5')).not.toEqual(whole)
  })

  it('repeats a film as the project does, with and without shards (would catch a film that plays forwards only)', async () => {
    await newFilm()
    const model = ['--threads', '1', '--json']
    const framesOf = async (...command: string[]) => {
      const { report } = await run(...command)
      return report.frames ?? report.output.frames
    }
    const once = await framesOf('render', 'film.slerp', '-o', 'once.gif', '--repeat', 'once', ...model)
    // Back and forth, the ends are shown once a round.
    expect(await framesOf('render', 'film.slerp', '-o', 'film.gif', ...model)).toBe(2 * once - 2)
    expect(await framesOf('render', 'film.slerp', '-o', 'sheet.png', ...model)).toBe(once)
    const shard = ['-o', 'frames', '--shard', '0/1', ...model]
    expect(await run('render', 'film.slerp', ...shard)).toMatchObject({ code: 0 })
    expect(await framesOf('merge', 'frames', '-o', 'merged.gif', '--json')).toBe(2 * once - 2)
  })

  it('renders only the work area, with and without shards', async () => {
    const paths = ['apple-golden', 'tomato-heart'].map((name) => join(folder, 'photos', `${name}.webp`))
    const stops = ['p0', 'p1'].map((source, at) => ({ id: `s${at}`, source }))
    const timeline = { stops, segments: [{ frames: 6 }], workArea: { start: 1, end: 3 } }
    await startEngine(folder).save(join(folder, 'film.slerp'), filmOf(paths, { timeline }))
    const model = ['--model', tinyModel, '--threads', '1', '--device', 'cpu']
    expect(await run('render', 'film.slerp', '-o', 'part.apng', ...model)).toMatchObject({ code: 0 })
    const shared = ['-o', 'frames', '--shard', '0/1', '--json', ...model]
    const shard = await run('render', 'film.slerp', ...shared)
    expect(shard).toMatchObject({ code: 0, report: { total: 3, items: 3 } })
    expect(readdirSync(join(folder, 'frames')).filter((name) => name.endsWith('.png'))).toEqual([
      '000001.png',
      '000002.png',
      '000003.png',
    ])
    expect(await run('merge', 'frames', '-o', 'merged.apng')).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'merged.apng'))).toEqual(readFileSync(join(folder, 'part.apng')))
    const whole = await run('render', 'film.slerp', '--whole', '-o', 'all', ...shared.slice(2))
    expect(whole).toMatchObject({ code: 0, report: { total: 7 } })
  })

  it('rebuilds the project from an export, and renders it to the same bytes', async () => {
    await newFilm()
    await run('render', 'film.slerp', '-o', 'film.gif')
    const model = ['--model', tinyModel, '--threads', '1', '--device', 'cpu']
    const made = await run('project', 'from', 'film.gif', 'again.slerp', ...model, '--json')
    expect(made).toMatchObject({ code: 0, stderr: '', report: { ok: true, missing: [] } })
    await run('render', 'again.slerp', '-o', 'again.gif')
    expect(readFileSync(join(folder, 'again.gif'))).toEqual(readFileSync(join(folder, 'film.gif')))
    expect(await run('project', 'from', 'film.gif', 'b.slerp')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('name that model with --model'),
    })
    expect(await run('project', 'from', 'photos/apple-golden.webp', 'b.slerp', ...model)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('does not say how it was made'),
    })
  })

  it.each([
    ['a walk', ['walk', 'photos/apple-golden.webp', '--frames', '4']],
    ['a mix with a negative weight', ['morph', 'mix:seed:1,-1*seed:2', 'seed:3', '--frames', '2']],
  ])('rebuilds the film of %s', async (_what, film) => {
    const model = ['--model', tinyModel, '--threads', '1', '--device', 'cpu']
    expect(await run(...film, '-o', 'film.gif', ...quick)).toMatchObject({ code: 0 })
    const made = await run('project', 'from', 'film.gif', 'film.slerp', ...model, '--json')
    expect(made).toMatchObject({ code: 0, stderr: '', report: { problems: [] } })
    expect(await run('render', 'film.slerp', '-o', 'again.gif', ...model)).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'again.gif'))).toEqual(readFileSync(join(folder, 'film.gif')))
  })

  it('says what is wrong with a file that is not a project and with invalid stops', async () => {
    writeFileSync(join(folder, 'note.slerp'), 'a note')
    expect(await run('project', 'inspect', 'note.slerp')).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/Cannot open "note.slerp": it is no project file/),
    })
    expect(await run('project', 'inspect', 'nothing.slerp')).toMatchObject({ code: 66 })
    expect(await run('project', 'new', 'a.slerp', 'seed:x', ...quick)).toMatchObject({ code: 64 })
  })
})
