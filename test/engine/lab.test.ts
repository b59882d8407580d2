import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { engineOf } from '../fixtures/engineOf'
import { newFolder, runCli, startCli, tinyModel } from '../fixtures/cli'

const samples = ['apple-red.webp', 'tomato-heart.webp', 'cherry-rainier.webp'].map((name) =>
  resolve('resources/samples', name),
)
const tiny = ['--model', tinyModel, '--threads', '1']
const sweep = [
  '--solvers',
  'ddim,2m,leapfrog',
  '--nodes',
  'linear,karras',
  '--steps',
  '5,20,60',
  '--batch',
  '2',
]
const study = ['lab', ...samples, ...tiny, ...sweep, '-o', 'study', '--json']

/** Waits until this many cells are on disk, which is the middle of the work. */
async function cellsMeasured(folder: string, count: number, into = 'study'): Promise<void> {
  const path = join(folder, into, 'journal.jsonl')
  while (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length - 2 < count) await sleep(5)
}

function csvOf(folder: string): string {
  return readFileSync(join(folder, 'study/lab.csv'), 'utf8')
}

async function undisturbed(): Promise<string> {
  const folder = newFolder()
  expect((await runCli([...study, '--no-figures'], folder)).code).toBe(0)
  return csvOf(folder)
}

describe('slerp-studio lab', () => {
  it('gives the same results in shards as in one run, and a shard that a scheduler ended can be run again', async () => {
    const folder = newFolder()
    const shard = (index: number) => [...study, '--shard', `${index}/3`]
    const running = startCli(shard(0), folder)
    await cellsMeasured(folder, 1, 'study/shard-0-of-3')
    running.process.kill('SIGTERM')
    expect((await running.result).code).toBe(75)
    for (const index of [2, 1]) expect((await runCli(shard(index), folder)).code).toBe(0)
    expect((await runCli(['merge', 'study'], folder)).stderr).toMatch(/Run shard 0 of 3 again/)
    expect((await runCli(shard(0), folder)).code).toBe(0)
    const { code, stderr } = await runCli(['merge', 'study'], folder)
    expect(code, stderr).toBe(0)
    expect(csvOf(folder)).toBe(await undisturbed())

    // What remains for the study itself: its figures.
    const { stdout } = await runCli(study, folder)
    const { finished, resumedCells, plannedCells } = JSON.parse(stdout)
    expect({ finished, resumedCells }).toEqual({ finished: true, resumedCells: plannedCells })
  })

  it('measures a study and writes tables, curves and figures', async () => {
    const folder = newFolder()
    const { code, stdout, stderr } = await runCli(
      ['lab', ...samples, samples[0], ...tiny, '--steps', '3,4', '--etas', '0,1', '-o', 'study', '--json'],
      folder,
    )
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ ok: true, finished: true, resumedCells: 0, plannedCells: 16 })
    expect(report.cells).toHaveLength(16)
    expect(report.skipped).toHaveLength(8)
    expect(readdirSync(join(folder, 'study')).sort()).toEqual([...report.files, 'journal.jsonl'].sort())
    expect(csvOf(folder).trim().split('\r\n')).toHaveLength(1 + 16 * 4)
    for (const name of report.files.filter((file: string) => file.endsWith('.png'))) {
      expect(
        readFileSync(join(folder, 'study', name))
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
    }
    // Noise added while decoding keeps the picture from being recovered.
    const errorOf = (eta: number) =>
      report.cells.find((cell: { solver: string; eta: number }) => cell.solver === 'ddim' && cell.eta === eta)
        .mse
    expect(errorOf(1)).not.toBe(errorOf(0))
  })

  it('continues by itself when its engine is killed, with the same table as an undisturbed run', async () => {
    const folder = newFolder()
    const running = startCli([...study, '--no-figures'], folder)
    await cellsMeasured(folder, 3)
    process.kill(engineOf(running.process.pid!), 'SIGKILL')
    const { code, stdout, stderr } = await running.result
    expect(stderr).toContain('SIGKILL')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).resumedCells).toBeGreaterThanOrEqual(3)
    expect(csvOf(folder)).toBe(await undisturbed())
  })

  it.each([
    ['killed', 'SIGKILL', null],
    ['stopped by Ctrl-C', 'SIGINT', 130],
  ] as const)(
    'resumes a study that was %s when the same command is run again',
    async (_, signal, exitCode) => {
      const folder = newFolder()
      const running = startCli(study, folder)
      await cellsMeasured(folder, 3)
      running.process.kill(signal)
      expect((await running.result).code).toBe(exitCode)
      expect(existsSync(join(folder, 'study/lab.json'))).toBe(false)
      const { code, stdout } = await runCli([...study, '--no-figures'], folder)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ finished: true, plannedCells: 18 })
      expect(JSON.parse(stdout).resumedCells).toBeGreaterThanOrEqual(3)
      expect(csvOf(folder)).toBe(await undisturbed())
      expect(readdirSync(join(folder, 'study')).filter((name) => name.startsWith('.'))).toEqual([])
    },
  )
})

describe('a study with every kind of stop', () => {
  const kinds = [samples[0], 'seed:7', 'z.npy', `mix:${samples[1]},2*seed:3`]
  const swept = [...tiny, '--solvers', 'ddim,2m', '--timestep-spacings', 'karras', '--steps', '3,5']
  const studyOf = (...stops: string[]) => ['lab', ...stops, ...swept, '-o', 'study', '--json']

  async function withLatent(): Promise<string> {
    const folder = newFolder()
    const { code, stderr } = await runCli(
      ['encode', samples[2], ...tiny, '--steps', '5', '-o', 'z.npy'],
      folder,
    )
    expect(code, stderr).toBe(0)
    return folder
  }

  it('measures each stop, lists those without a picture, and stores no path (would catch a Lab that takes only pictures)', async () => {
    const folder = await withLatent()
    const { code, stdout, stderr } = await runCli(studyOf(...kinds), folder)
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ finished: true, plannedCells: 4 })
    expect(report.files).toEqual(
      expect.arrayContaining(['consistency.png', 'interpolation.png', 'grid.png', 'lab.json']),
    )
    expect(report.notes).toEqual([
      expect.stringMatching(/^No picture to compare with.*: seed 7; z\.npy; mix of .* and 2 × seed 3\.$/),
    ])
    const [heading, ...rows] = csvOf(folder).trim().split('\r\n')
    expect(heading).toMatch(/,decoded,pictureIndex$/)
    expect(rows.map((row) => row.split(',').at(-2)).slice(0, 4)).toEqual(['false', 'true', 'true', 'true'])
    const told = readFileSync(join(folder, 'study/lab.json'), 'utf8')
    expect(JSON.parse(told).notes).toEqual(report.notes)
    expect(told).not.toContain(resolve('resources'))

    // The same words with another seed are another study; so is a file of that name with other values.
    const other = await runCli(studyOf(samples[0], 'seed:8', ...kinds.slice(2)), folder)
    expect([other.code, other.stderr]).toEqual([73, expect.stringMatching(/holds another study/)])
    await runCli(['encode', samples[1], ...tiny, '--steps', '5', '-o', 'z.npy', '--force'], folder)
    expect((await runCli(studyOf(...kinds), folder)).code).toBe(73)
  })

  it('gives the same results in shards as in one run', async () => {
    const folder = await withLatent()
    for (const index of [0, 1]) {
      expect((await runCli([...studyOf(...kinds), '--shard', `${index}/2`], folder)).code).toBe(0)
    }
    expect((await runCli(['merge', 'study'], folder)).code).toBe(0)
    const alone = await withLatent()
    expect((await runCli([...studyOf(...kinds), '--no-figures'], alone)).code).toBe(0)
    expect(csvOf(folder)).toBe(csvOf(alone))
  })

  it('leaves out the interpolation figure when its latents have no path between them, and says so', async () => {
    const folder = newFolder()
    const pairs = ['lab', samples[0], 'seed:7', ...tiny, '--solvers', 'leapfrog', '--steps', '4', '--json']
    const { code, stdout, stderr } = await runCli(pairs, folder)
    expect(code, stderr).toBe(0)
    const { finished, files, notes } = JSON.parse(stdout)
    expect(finished).toBe(true)
    expect(files).not.toContain('interpolation.png')
    expect(notes.at(-1)).toMatch(/^interpolation\.png is left out\. /)
  })

  it('takes a latent for the discrete process, by reducing its decoded picture to a few colours', async () => {
    const folder = newFolder()
    const words = [
      'lab',
      '--discrete',
      samples[0],
      'seed:7',
      ...tiny,
      '--side',
      '16',
      '--steps',
      '4',
      '--json',
    ]
    const { code, stdout, stderr } = await runCli(words, folder)
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout).pictures).toEqual(['apple-red.webp', 'seed 7'])
  })
})

describe('two runs of a study in one folder', () => {
  it('do not measure at the same time (would catch cells that one journal loses to the other)', async () => {
    const folder = newFolder()
    const first = startCli([...study, '--no-figures'], folder)
    await cellsMeasured(folder, 1)
    // Suspended, so that it is still running when the other stops waiting for it.
    const engine = engineOf(first.process.pid!)
    process.kill(engine, 'SIGSTOP')
    const second = await runCli([...study, '--no-figures'], folder)
    process.kill(engine, 'SIGCONT')
    expect(second.code).toBe(73)
    expect(second.stderr).toMatch(
      /Cannot write "study": Slerp Studio is writing there already \(process \d+, since/,
    )
    expect((await first.result).code).toBe(0)
    expect(csvOf(folder)).toBe(await undisturbed())
  })
})

describe('a study', () => {
  it.each<[string, string[], RegExp]>([
    ['without pictures', [], /required argument 'stops'/],
    ['of a seed that is none', ['seed:x', ...tiny], /not a seed/],
    [
      'discrete, and shared',
      ['seed:1', '--discrete', '--shard', '0/2', ...tiny],
      /--discrete' cannot be used with option '--shard/,
    ],
    ['of a latent file that is not there', [...tiny, 'gone.npy'], /gone\.npy/],
    ['of an unknown solver', [...samples, '--solvers', 'ddim,euler'], /Allowed choices are ddim/],
    ['of an empty list', [...samples, '--nodes', ''], /Allowed choices are linear/],
    ['of nothing but too many steps', [...samples, ...tiny, '--steps', '1001'], /1001.*1000/],
    ['of half a step', [...samples, '--steps', '10,2.5'], /whole number/],
    [
      'of nothing but noise without a rule for it',
      [...samples, ...tiny, '--solvers', '2m', '--etas', '1'],
      /ddim/,
    ],
    ['on a missing picture', [...tiny, 'nowhere.png'], /nowhere\.png/],
    ['below a folder that is not there', [...samples, ...tiny, '-o', 'no/such'], /no\/such.*does not exist/],
  ])('%s is refused before anything is written', async (_, args, sentence) => {
    const folder = newFolder()
    const { code, stdout, stderr } = await runCli(['lab', ...args], folder)
    expect(code, stderr).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each<[string, (folder: string) => void, RegExp]>([
    ['a file', (path) => writeFileSync(path, ''), /not a folder/],
    [
      'a folder of other things',
      (path) => {
        mkdirSync(path)
        writeFileSync(join(path, 'diary.txt'), 'dear diary')
      },
      /diary\.txt/,
    ],
  ])('into %s is refused', async (_, prepare, sentence) => {
    const folder = newFolder()
    prepare(join(folder, 'study'))
    const { code, stderr } = await runCli(['lab', ...samples, ...tiny, '--steps', '2', '-o', 'study'], folder)
    expect(code).toBe(73)
    expect(stderr).toMatch(sentence)
  })

  it('into the folder of another study is refused with what differs, and leaves the other study unchanged', async () => {
    const folder = newFolder()
    const run = (steps: string) =>
      runCli(['lab', samples[0], ...tiny, '--steps', steps, '-o', 'study', '--no-figures'], folder)
    expect((await run('2')).code).toBe(0)
    const before = csvOf(folder)
    const { code, stderr } = await run('3')
    expect(code).toBe(73)
    expect(stderr).toMatch(/S = 2;.*differs from this one in steps:/)
    expect(csvOf(folder)).toBe(before)
  })
})
