import { beforeEach, describe, expect, it } from 'vitest'
import type { DocumentLatent } from '#shared/document'
import type { LabReport } from '#shared/lab'
import { runCommand } from '../../../../src/renderer/actions/commands'
import { openStudy, startStudy } from '../../../../src/renderer/actions/study'
import { useLab } from '../../../../src/renderer/stores/lab'
import { useLabChoice } from '../../../../src/renderer/stores/labChoice'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useRunningWork } from '../../../../src/renderer/stores/runningWork'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'
import { labCell, labReport } from '../../shared/labCells'

const folder = '/studies/one'
const coarse = labCell({ steps: 10 })
const fine = labCell({ steps: 20 })
let runStudy: (call: Call) => Promise<LabReport>
let onDisk: LabReport | null
let readStudy: () => Promise<LabReport>
let chosen: string | null
/** What happens while the folder of a study is asked for. */
let whileAsked: () => void
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  runStudy = async () => labReport({ cells: [coarse, fine] })
  onDisk = null
  readStudy = async () => {
    if (onDisk) return onDisk
    throw failure('NOT_FOUND')
  }
  chosen = folder
  whileAsked = () => undefined
  studio = installFakeStudio({
    'dialog.saveStudy': () => {
      whileAsked()
      return chosen
    },
    'dialog.openStudy': () => chosen,
    'lab.run': (_input, call) => runStudy(call),
    'lab.open': () => readStudy(),
  })
  useModel().info = modelInfo
  useLibrary().add([pictureInfo('a.png'), pictureInfo('b.png')])
  useWorkspace().view = 'lab'
})

/** Measures one of two cells. */
function measureOne(call: Call): void {
  call.progress({ phase: 'decode', done: 20, total: 60, etaSeconds: 4, cell: coarse })
  onDisk = labReport({ finished: false, cells: [coarse], plannedCells: 2 })
}

/** Ends a run as the engine does on cancellation, with one cell measured. */
async function untilCancelled(call: Call): Promise<never> {
  measureOne(call)
  await call.cancelled
  throw failure('CANCELLED')
}

describe('a study', () => {
  it('measures the pictures with the chosen sweep, in the chosen folder', async () => {
    await startStudy()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      folder,
      model: { path: '/models/m' },
      study: {
        ...useLabChoice().sweep,
        stops: [{ picture: { path: '/pictures/a.png' } }, { picture: { path: '/pictures/b.png' } }],
      },
    })
    expect(useLab().study).toMatchObject({ state: 'finished', cells: [coarse, fine] })
  })

  it('measures what was chosen when the folder was asked for (would catch a study of what was chosen meanwhile)', async () => {
    const choice = useLabChoice()
    choice.change({ solvers: ['ddim'], timestepSpacings: ['linear'], steps: [10, 20] })
    choice.figures = false
    whileAsked = () => {
      choice.change({ solvers: ['2m'], steps: [5] })
      choice.figures = true
      useLibrary().pictures = useLibrary().pictures.slice(1)
    }
    let planned: number | undefined
    runStudy = async () => {
      planned = useLab().study?.plannedCells
      return labReport()
    }
    await startStudy()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      study: { solvers: ['ddim'], timestepSpacings: ['linear'], steps: [10, 20], stops: [{}, {}] },
      figures: false,
    })
    expect(planned).toBe(2)
  })

  it('does not start without a chosen folder or without pictures', async () => {
    chosen = null
    await startStudy()
    useLibrary().pictures = []
    chosen = folder
    await startStudy()
    expect(studio.callsOf('lab.run')).toEqual([])
    expect(useLab().study).toBeNull()
  })

  it('grows cell by cell, and a repeated measurement replaces the first', async () => {
    const seen: number[] = []
    runStudy = async (call) => {
      for (const cell of [coarse, fine, { ...coarse, mse: 0.5 }]) {
        call.progress({ phase: 'decode', done: 1, total: 3, etaSeconds: null, cell })
        seen.push(useLab().study!.cells.length)
      }
      expect(useLab().study?.cells.at(-1)?.mse).toBe(0.5)
      return labReport()
    }
    await startStudy()
    expect(seen).toEqual([1, 2, 2])
  })
})

describe('a study that ends early', () => {
  it('keeps its cells when cancelled, shows no error, and resumes with the same request', async () => {
    runStudy = untilCancelled
    const started = startStudy()
    await expect.poll(() => useLab().study?.cells.length).toBe(1)
    useLab().cancel()
    await started
    expect(useLab().study).toMatchObject({ state: 'interrupted', cells: [coarse], plannedCells: 2 })
    expect(useNotices().notices).toEqual([])

    runStudy = async () => {
      expect(useLab().study).toMatchObject({ state: 'running', cells: [coarse] })
      return labReport({ cells: [coarse, fine] })
    }
    await useLab().resume()
    const [first, second] = studio.callsOf('lab.run')
    expect(second.input).toEqual(first.input)
    expect(useLab().study?.state).toBe('finished')
  })

  /** Starts a study that is cancelled by command and ends once `end` is called, with this on disk. */
  async function cancelStudy(left: LabReport | null) {
    let end: () => void = () => undefined
    runStudy = () =>
      new Promise((_resolve, reject) => {
        end = () => {
          onDisk = left
          reject(failure('CANCELLED'))
        }
      })
    useRunningWork()
    const started = startStudy()
    await expect.poll(() => useLab().running).toBe(true)
    runCommand('cancelWork')
    runStudy = async () => labReport({ cells: [coarse, fine] })
    const resume = useNotices().notices.at(-1)!.action!.run
    return { resume, end: () => (end(), started) }
  }
  const runs = () => studio.callsOf('lab.run')

  it.each([labReport({ finished: false }), null])(
    'resumes once it has ended when that is asked for while it stops (would catch a Resume that does nothing)',
    async (left) => {
      const { resume, end } = await cancelStudy(left)
      resume()
      resume()
      expect(runs()).toHaveLength(1)
      await end()
      await expect.poll(() => useLab().study?.state).toBe('finished')
      expect(runs()).toHaveLength(2)
      expect(runs()[1].input).toEqual(runs()[0].input)
    },
  )

  it('does not resume when it is cancelled once more', async () => {
    const { resume, end } = await cancelStudy(labReport({ finished: false }))
    resume()
    useLab().cancel()
    await end()
    await new Promise((resolve) => setTimeout(resolve))
    expect(runs()).toHaveLength(1)
  })

  it('offers to resume after an engine crash', async () => {
    runStudy = async () => {
      onDisk = labReport({ finished: false })
      throw failure('ENGINE_CRASHED')
    }
    await startStudy()
    expect(useNotices().notices[0]).toMatchObject({ code: 'ENGINE_CRASHED', action: { label: 'Resume' } })
    expect(useLab().study?.state).toBe('interrupted')
  })

  it('resumes the study that was interrupted, whichever is shown by then (would catch another one that is measured)', async () => {
    runStudy = async (call) => {
      measureOne(call)
      throw failure('ENGINE_CRASHED')
    }
    await startStudy()
    onDisk = labReport({ folder: '/studies/other', finished: false, cells: [fine] })
    chosen = '/studies/other'
    await openStudy()
    runStudy = async () => {
      expect(useLab().study).toMatchObject({ folder, cells: [coarse], plannedCells: 2 })
      return labReport({ cells: [coarse, fine] })
    }
    useNotices().notices[0].action!.run()
    await expect.poll(() => useLab().study).toMatchObject({ folder, state: 'finished' })
    expect(runs()[1].input).toEqual(runs()[0].input)
  })

  it('leaves the previous study in place when its folder holds something else', async () => {
    await startStudy()
    runStudy = async () => {
      onDisk = labReport({ folder: '/studies/other', cells: [fine] })
      throw failure('EXISTS')
    }
    await startStudy()
    expect(useNotices().notices[0]).toMatchObject({ code: 'EXISTS', action: null })
    expect(useLab().study?.cells).toEqual([coarse, fine])
  })
})

const latentFile = (path: string): DocumentLatent => ({
  id: path,
  name: path,
  kind: 'file',
  path,
  sha256: '',
})

describe('an opened study', () => {
  beforeEach(() => {
    onDisk = labReport({ finished: false, pictures: ['b.png'] })
    runStudy = async () => labReport()
  })

  it('resumes with its stored pictures, sweep and batch, whatever is chosen now', async () => {
    await openStudy()
    expect(useLab().study).toMatchObject({ folder, state: 'interrupted' })
    await useLab().resume()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      folder,
      study: { ...labReport().study, stops: [{ picture: { path: '/pictures/b.png' } }] },
    })
  })

  it('does not replace a study that was started while it was read (would catch a running study that vanishes)', async () => {
    let show: () => void = () => undefined
    readStudy = () => new Promise((resolve) => (show = () => resolve(labReport({ folder: '/studies/old' }))))
    const opening = openStudy()
    await expect.poll(() => studio.callsOf('lab.open')).toHaveLength(1)
    let finish: () => void = () => undefined
    runStudy = () => new Promise((resolve) => (finish = () => resolve(labReport({ folder }))))
    const running = startStudy()
    await expect.poll(() => useLab().running).toBe(true)
    show()
    await opening
    expect(useLab().study).toMatchObject({ folder, state: 'running' })
    finish()
    await running
    expect(useLab().study).toMatchObject({ folder, state: 'finished' })
  })

  it('finds its seeds and mixes by their content, whatever their names', async () => {
    onDisk = labReport({ finished: false, pictures: ['seed 7', 'mix of b.png and 2 × seed 7'] })
    const [, b] = useLibrary().pictures
    useLibrary().addLatents([
      { id: 's', name: 'My favourite', kind: 'seed', seed: 7 },
      {
        id: 'm',
        name: 'Half way',
        kind: 'mix',
        parts: [
          { source: b.id, weight: 1 },
          { source: 's', weight: 2 },
        ],
      },
    ])
    await openStudy()
    await useLab().resume()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      study: { stops: [{ kind: 'seed', seed: 7 }, { kind: 'mix' }] },
    })
  })

  it('tells pictures of one name apart by their content, and the others by their order (would catch one picture measured for all of its name)', async () => {
    const named = (parent: string) => ({
      ...pictureInfo('1.png'),
      path: `/${parent}/1.png`,
      sha256: `hash in ${parent}`,
    })
    const library = useLibrary()
    library.add(['pears', 'figs', 'limes'].map(named))
    library.addLatents([7, 8].map((seed) => latentFile(`/${seed}/kept.npy`)))
    onDisk = labReport({
      finished: false,
      pictures: ['kept.npy', '1.png', '1.png', 'kept.npy'],
      pictureHashes: [null, 'hash in limes', 'hash in pears', null],
    })
    await openStudy()
    await useLab().resume()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      study: {
        stops: [
          { path: '/7/kept.npy' },
          { picture: { path: '/limes/1.png' } },
          { picture: { path: '/pears/1.png' } },
          { path: '/8/kept.npy' },
        ],
      },
    })
  })

  it('measures a picture twice that it has twice, and none of another content', async () => {
    onDisk = labReport({ finished: false, pictures: ['b.png', 'b.png'] })
    await openStudy()
    await useLab().resume()
    expect(studio.callsOf('lab.run')[0].input).toMatchObject({
      study: { stops: [{ picture: { path: '/pictures/b.png' } }, { picture: { path: '/pictures/b.png' } }] },
    })
    onDisk = labReport({ finished: false, pictures: ['b.png'], pictureHashes: ['another hash'] })
    await openStudy()
    await useLab().resume()
    expect(studio.callsOf('lab.run')).toHaveLength(1)
    expect(useNotices().notices.at(-1)).toMatchObject({ tone: 'bad', detail: 'b.png' })
  })

  it('names missing pictures instead of measuring others', async () => {
    onDisk = labReport({ finished: false, pictures: ['b.png', 'gone.png'] })
    await openStudy()
    await useLab().resume()
    expect(studio.callsOf('lab.run')).toEqual([])
    expect(useNotices().notices[0]).toMatchObject({ tone: 'bad', detail: 'gone.png' })
  })
})
