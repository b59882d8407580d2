import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings } from '#shared/presets'
import { engineChoices } from '../../../../src/renderer/export/exportChoice'
import { useExports } from '../../../../src/renderer/stores/exports'
import type { ExportRequest } from '../../../../src/renderer/export/exportRequest'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useWorkspace } from '../../../../src/renderer/stores/workspace'
import { failure, installFakeStudio, type Call } from '../fakeStudio'

const wanted: ExportRequest = {
  choice: engineChoices[0],
  options: { fps: 12, scale: 2, enlargement: 'sharp', repeat: 'ping-pong', quality: 80, workArea: false },
  path: '/out/morph.gif',
  overwrite: false,
  model: { path: '/m', threads: 0, device: 'auto', precision: 'fp32' },
  size: { width: 64, height: 64 },
  plan: { kind: 'list', latents: [{ kind: 'seed', seed: 1 }] },
  decode: defaultSettings.decode,
  cleanTimestep: -1,
  frame: 0,
  total: 1,
  range: { start: 0, end: 0 },
  estimateSeconds: 40,
}
let answer: (input: { target: { overwrite: boolean; path: string } }) => unknown
let studio: ReturnType<typeof installFakeStudio>
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  answer = () => ({ bytes: 321 })
  studio = installFakeStudio({
    'animation.export': async (input, call) => {
      call.progress({ phase: 'decode', done: 1, total: 4, etaSeconds: 8 })
      return answer(input)
    },
  })
})

describe('exports', () => {
  it('passes the chosen repeat mode to the engine', async () => {
    useExports().start(wanted)
    await settle()
    expect(studio.calls[0].input).toMatchObject({
      target: { format: 'gif', fps: 12, scale: 2, repeat: 'ping-pong', overwrite: false },
    })
    expect(useExports().jobs[0]).toMatchObject({ state: 'done', bytes: 321, share: 1 })
  })

  it.each(['png', 'contactSheet'])(
    'writes each frame once to a %s, which has no playback (would catch frames written forwards and backwards)',
    async (id) => {
      const choice = engineChoices.find((one) => one.id === id)!
      useExports().start({ ...wanted, choice })
      await settle()
      expect(studio.calls[0].input).toMatchObject({ target: { format: id, repeat: 'once' } })
    },
  )

  it.each([
    ['as it is chosen now', 'http://gpu-box:8000', 'second'],
    ['as it was if another address is chosen', 'http://other:8000', 'first'],
  ])('is resumed on its server %s', async (_, url, name) => {
    answer = () => failure('FORBIDDEN', 'It is not the chosen one.')
    const server = { url: 'http://gpu-box:8000', model: 'first', fallback: 'wait' as const }
    const id = useExports().start({ ...wanted, model: { ...wanted.model, server } })
    await settle()
    usePreferences().server = { ...server, url, model: 'second' }
    useExports().repeat(id)
    await settle()
    expect(studio.calls.filter(({ route }) => route === 'animation.export').at(-1)).toMatchObject({
      input: { model: { server: { url: server.url, model: name } } },
    })
  })

  it('asks before replacing a file, and replaces it only on confirmation', async () => {
    answer = ({ target }) => {
      if (!target.overwrite) throw failure('EXISTS', 'There is a file of that name.')
      return { bytes: 1 }
    }
    const id = useExports().start(wanted)
    await settle()
    expect(useExports().clashes.map((job) => job.id)).toEqual([id])
    // A question, not an error.
    expect(useExports().jobs[0]).toMatchObject({ state: 'asking', failure: null })
    expect(useNotices().notices).toEqual([])
    useExports().repeat(id, { overwrite: true })
    await settle()
    expect(useExports().clashes).toEqual([])
    expect(useExports().jobs[0].state).toBe('done')
  })

  it('keeps an export in the list whose file is not to be replaced (would catch an export that Escape makes disappear)', async () => {
    answer = () => {
      throw failure('EXISTS', 'There is a file of that name.')
    }
    const id = useExports().start(wanted)
    await settle()
    useExports().cancel(id)
    expect(useExports().clashes).toEqual([])
    expect(useExports().jobs.map((job) => [job.id, job.state])).toEqual([[id, 'cancelled']])
    useExports().repeat(id)
    await settle()
    expect(useExports().clashes.map((job) => job.id)).toEqual([id])
  })

  it('reports a target that must not be replaced instead of asking again and again', async () => {
    answer = () => {
      throw failure('EXISTS', 'Cannot overwrite the folder: it holds "thesis.doc", which would be lost.')
    }
    const id = useExports().start(wanted)
    await settle()
    useExports().repeat(id, { overwrite: true })
    await settle()
    expect(useExports().clashes).toEqual([])
    expect(useExports().jobs[0]).toMatchObject({ state: 'failed', failure: { code: 'EXISTS' } })
    expect(useNotices().notices[0].detail).toContain('thesis.doc')
  })

  it('offers to resume an export interrupted by an engine crash, with the same request', async () => {
    answer = () => {
      throw failure('ENGINE_CRASHED', 'The engine ended.')
    }
    const id = useExports().start(wanted)
    await settle()
    expect(useExports().jobs[0]).toMatchObject({ state: 'failed' })
    expect(useNotices().notices[0]).toMatchObject({ code: 'ENGINE_CRASHED', action: { label: 'Resume' } })
    answer = () => ({ bytes: 5 })
    useExports().repeat(id)
    await settle()
    expect(studio.calls[1].input).toEqual(studio.calls[0].input)
    expect(useExports().jobs[0].state).toBe('done')
  })

  it('ends a cancelled export without an error message', async () => {
    answer = () => new Promise((_resolve, reject) => setTimeout(() => reject(failure('CANCELLED')), 10))
    const id = useExports().start(wanted)
    await settle()
    expect(useExports().jobs[0]).toMatchObject({ share: 0.25, etaSeconds: 8 })
    useExports().cancel(id)
    await vi.advanceTimersByTimeAsync(20)
    expect(useExports().jobs[0].state).toBe('cancelled')
    expect(useNotices().log).toEqual([])
  })

  it('logs results in the message list even while the export dialog is open (would catch a failure shown only in the dialog)', async () => {
    useWorkspace().dialog = 'export'
    answer = ({ target }) => {
      if (target.path === wanted.path) throw failure('UNREADABLE', 'A latent cannot be read.')
      return { bytes: 5 }
    }
    useExports().start(wanted)
    useExports().start({ ...wanted, path: '/out/other.gif' })
    await settle()
    const { notices, log, unseenFailures } = useNotices()
    expect(notices).toEqual([])
    expect(unseenFailures).toBe(1)
    expect(log).toMatchObject([
      { tone: 'good', detail: '/out/other.gif' },
      {
        tone: 'bad',
        title: expect.stringContaining('morph.gif') as string,
        detail: 'A latent cannot be read.',
        code: 'UNREADABLE',
      },
    ])
  })

  it('never lets progress go backwards (would catch a bar that falls back when a crashed engine restarts)', async () => {
    const shares: number[] = []
    studio = installFakeStudio({
      'animation.export': async (_input, call) => {
        for (const done of [1, 3, 0, 2, 4]) {
          call.progress({ phase: 'decode', done, total: 4, etaSeconds: 8 })
          shares.push(useExports().jobs[0].share)
        }
        return { bytes: 1 }
      },
    })
    useExports().start(wanted)
    await settle()
    expect(shares).toEqual([0.25, 0.75, 0.75, 0.75, 1])
  })

  it('shows the estimated time left before the engine has measured any (would catch an endless "Starting")', async () => {
    studio = installFakeStudio({ 'animation.export': () => new Promise(() => undefined) })
    useExports().start(wanted)
    await settle()
    expect(useExports().jobs[0]).toMatchObject({ state: 'running', share: 0, etaSeconds: 40 })
  })
})

describe('several exports', () => {
  let finish: (() => void)[]
  let onDisk: Record<string, 'file' | 'folder'>
  const to = (name: string): ExportRequest => ({ ...wanted, path: `/out/${name}` })
  const states = () => useExports().jobs.map(({ request, state }) => `${request.path.slice(5)} ${state}`)

  beforeEach(() => {
    finish = []
    onDisk = {}
    studio = installFakeStudio({
      'output.existing': ({ path }: { path: string }) => onDisk[path] ?? null,
      'animation.export': (_input, call) =>
        new Promise((resolve, reject) => {
          finish.push(() => resolve({ bytes: 1 }))
          void call.cancelled.then(() => reject(failure('CANCELLED')))
        }),
    })
    for (const name of ['a', 'b', 'c']) useExports().start(to(name))
  })

  it('run one after another in order, and can be reordered while they wait', async () => {
    const exports = useExports()
    await settle()
    expect(states()).toEqual(['a running', 'b waiting', 'c waiting'])
    exports.move(exports.jobs[2].id, -1)
    exports.move(exports.jobs[1].id, -1)
    expect(states()).toEqual(['a running', 'c waiting', 'b waiting'])
    finish[0]()
    await settle()
    expect(states()).toEqual(['a done', 'c running', 'b waiting'])
  })

  it('are repeated once they have ended when that is asked for while they stop (would catch a Resume that does nothing)', async () => {
    const exports = useExports()
    await settle()
    const [a] = exports.jobs
    exports.cancel(a.id)
    exports.repeat(a.id)
    await settle()
    expect(states()).toEqual(['a running', 'b waiting', 'c waiting'])
    expect(studio.callsOf('animation.export').length).toBe(2)
    finish[1]()
    await settle()
    expect(states()).toEqual(['a done', 'b running', 'c waiting'])
  })

  it('are not repeated when they are cancelled once more, or not cancelled at all', async () => {
    const exports = useExports()
    await settle()
    const [a] = exports.jobs
    exports.repeat(a.id)
    exports.cancel(a.id)
    exports.repeat(a.id)
    exports.cancel(a.id)
    await settle()
    expect(states()).toEqual(['a cancelled', 'b running', 'c waiting'])
  })

  it('continue after a running or waiting export is cancelled', async () => {
    const exports = useExports()
    await settle()
    const [a, b] = exports.jobs
    exports.cancel(b.id)
    exports.cancel(a.id)
    await settle()
    expect(states()).toEqual(['a cancelled', 'b cancelled', 'c running'])
    expect(studio.callsOf('animation.export').length).toBe(2)
  })
})

describe('an export that has to wait', () => {
  let finish: () => void
  const exports = () => useExports()
  const states = () => exports().jobs.map(({ state, clash }) => [state, clash])

  beforeEach(() => {
    studio = installFakeStudio({
      'output.existing': ({ path }: { path: string }) =>
        ({ '/out/old.gif': 'file', '/out/old': 'folder' })[path] ?? null,
      'animation.export': () => new Promise((resolve) => (finish = () => resolve({ bytes: 1 }))),
    })
    exports().start(wanted)
  })

  it.each([
    ['gif', '/out/old.gif', true],
    ['gif', '/out/old', false],
    ['png', '/out/old', true],
    ['png', '/out/old.gif', false],
    ['gif', '/out/new.gif', false],
  ])(
    'as %s to %s asks when it is queued: %s (would catch a question that waits for a user who has left)',
    async (format, path, asks) => {
      const choice = engineChoices.find(({ id }) => id === format)!
      exports().start({ ...wanted, choice, path })
      await settle()
      expect(states()).toEqual([['running', null], asks ? ['asking', 'disk'] : ['waiting', null]])
    },
  )

  it('asks when another one in the list writes to the same place, and replaces its result on confirmation', async () => {
    const second = exports().start(wanted)
    expect(states()).toEqual([
      ['running', null],
      ['asking', 'export'],
    ])
    exports().replace(second)
    await settle()
    expect(states()).toEqual([
      ['running', null],
      ['waiting', null],
    ])
    finish()
    await settle()
    expect(studio.callsOf('animation.export').map(({ input }) => input)).toMatchObject([
      { target: { overwrite: false } },
      { target: { overwrite: true } },
    ])
  })

  it('asks no second time once it may replace the file', async () => {
    const id = exports().start({ ...wanted, path: '/out/old.gif' })
    await settle()
    exports().replace(id)
    await settle()
    expect(exports().jobs.at(-1)).toMatchObject({ state: 'waiting', request: { overwrite: true } })
  })

  it('may be moved before the one whose result was to be replaced, without another question', async () => {
    const place = { ...wanted, path: '/out/same.gif' }
    const [earlier, later] = [exports().start(place), exports().start(place)]
    exports().replace(later)
    exports().move(later, -1)
    expect(exports().waiting.map(({ id, request }) => [id, request.overwrite])).toEqual([
      [later, true],
      [earlier, true],
    ])
  })
})

describe('an export to an unwritable place', () => {
  it('does not hold up the next export, and can be given another place', async () => {
    studio = installFakeStudio({
      'animation.export': (({ target }: { target: { path: string } }) => {
        if (target.path === '/bad/a.gif') throw failure('UNWRITABLE', 'That folder does not exist.')
        return { bytes: 1 }
      }) as never,
      'dialog.saveExport': () => '/good/a.gif',
    })
    const exports = useExports()
    const bad = exports.start({ ...wanted, path: '/bad/a.gif' })
    exports.start(wanted)
    await settle()
    expect(exports.jobs.map(({ state }) => state)).toEqual(['failed', 'done'])
    expect(useNotices().notices[0].action!.label).toBe('Choose another place…')
    await exports.relocate(bad)
    await settle()
    expect(studio.callsOf('dialog.saveExport')[0].input).toMatchObject({ format: 'gif', name: 'a' })
    expect(exports.jobs[0]).toMatchObject({ state: 'done', request: { path: '/good/a.gif' } })
  })
})

describe('the frames that an export leaves on disk', () => {
  /** Answers per path: undefined succeeds. */
  let failing: Record<string, string | undefined>
  const discarded = () =>
    studio.callsOf('animation.discard').map(({ input }) => (input as { path: string }).path)

  beforeEach(() => {
    failing = { [wanted.path]: 'ENGINE_CRASHED' }
    studio = installFakeStudio({
      'animation.discard': () => null,
      'dialog.saveExport': () => '/good/a.gif',
      'animation.export': ((input: { target: { path: string } }, call: Call) => {
        call.progress({ phase: 'decode', done: 1, total: 4, etaSeconds: 8 })
        const code = failing[input.target.path]
        if (code) throw failure(code as never)
        return { bytes: 1 }
      }) as never,
    })
  })

  it.each<[string, string, (id: string) => unknown]>([
    ['it is removed from the list', 'ENGINE_CRASHED', (id) => useExports().dismiss(id)],
    ['it is removed instead of replacing a file', 'EXISTS', (id) => useExports().dismiss(id)],
    [
      'it is cancelled while it waits to be resumed',
      'ENGINE_CRASHED',
      (id) => {
        useExports().start({ ...wanted, path: '/out/slow.gif' })
        useExports().repeat(id)
        useExports().cancel(id)
      },
    ],
    ['it was saved at another place', 'UNWRITABLE', (id) => useExports().relocate(id)],
  ])('are removed once %s (would catch gigabytes that nobody knows of)', async (_what, code, act) => {
    failing[wanted.path] = code
    const id = useExports().start(wanted)
    await settle()
    expect(discarded()).toEqual([])
    await act(id)
    await settle()
    expect(discarded()).toEqual([wanted.path])
  })

  it('are kept for Resume, and are gone by themselves once it is done', async () => {
    const id = useExports().start(wanted)
    await settle()
    failing = {}
    useExports().repeat(id)
    await settle()
    useExports().dismiss(id)
    await settle()
    expect(discarded()).toEqual([])
  })

  it('are kept for another export to the same place (would catch a Resume that starts again)', async () => {
    const first = useExports().start(wanted)
    await settle()
    const second = useExports().start(wanted)
    await settle()
    useExports().dismiss(first)
    await settle()
    expect(discarded()).toEqual([])
    useExports().dismiss(second)
    await settle()
    expect(discarded()).toEqual([wanted.path])
  })

  it('are not touched if they are of another run (would catch hours of work lost to an export that failed at once)', async () => {
    studio = installFakeStudio({
      'animation.discard': () => null,
      'animation.export': (_input, call) => {
        call.progress({ phase: 'decode', done: 1, total: 4, etaSeconds: 8, label: 'apple.webp' })
        throw failure('UNREADABLE')
      },
    })
    const id = useExports().start(wanted)
    await settle()
    useExports().dismiss(id)
    await settle()
    expect(discarded()).toEqual([])
  })
})

describe('a failed export', () => {
  it('is not offered again after bad input, which would only come back (would catch a Resume that cannot help)', async () => {
    answer = () => {
      throw failure('BAD_INPUT')
    }
    useExports().start(wanted)
    await settle()
    expect(useNotices().notices[0].action).toBeNull()
  })

  it('is offered again after a lack of memory, which may be gone (would catch hours of frames that only removal is offered for)', async () => {
    answer = () => {
      throw failure('UNSUPPORTED')
    }
    useExports().start(wanted)
    await settle()
    expect(useNotices().notices[0].action).toMatchObject({ label: 'Resume' })
  })

  it('can be resumed from its message after it was removed from the list (would catch a button that does nothing)', async () => {
    answer = () => {
      throw failure('ENGINE_CRASHED')
    }
    const id = useExports().start(wanted)
    await settle()
    useExports().dismiss(id)
    answer = () => ({ bytes: 5 })
    useNotices().notices[0].action!.run()
    await settle()
    expect(useExports().jobs).toMatchObject([{ state: 'done', request: { path: wanted.path } }])
  })

  it.each([
    ['png', '/out/apple v1.2', 'apple v1.2'],
    ['gif', '/out/apple v1.2.GIF', 'apple v1.2'],
    ['apng', '/out/apple v1.2', 'apple v1.2'],
  ])('as %s to %s proposes the name %s at another place', async (format, path, name) => {
    answer = () => {
      throw failure('UNWRITABLE')
    }
    const choice = engineChoices.find(({ id }) => id === format)!
    const id = useExports().start({ ...wanted, choice, path })
    await settle()
    await useExports().relocate(id)
    expect(studio.callsOf('dialog.saveExport')[0].input).toMatchObject({ name })
  })
})
