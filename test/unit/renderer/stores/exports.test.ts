import { beforeEach, describe, expect, it, vi } from 'vitest'
import { presets } from '#shared/presets'
import { engineChoices } from '../../../../src/renderer/export/exportChoice'
import { useExports } from '../../../../src/renderer/stores/exports'
import type { ExportRequest } from '../../../../src/renderer/export/exportRequest'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { failure, installFakeStudio } from '../fakeStudio'

const wanted: ExportRequest = {
  choice: engineChoices[0],
  options: { fps: 12, scale: 2, repeat: 'ping-pong', quality: 80 },
  path: '/out/morph.gif',
  overwrite: false,
  model: { path: '/m', threads: 0, device: 'auto', precision: 'fp32' },
  size: { width: 64, height: 64 },
  plan: { kind: 'list', latents: [{ kind: 'seed', seed: 1 }] },
  decode: presets[0].decode,
  frame: 0,
  total: 1,
}
let answer: (input: { target: { overwrite: boolean } }) => unknown
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
  it('tells the engine the repeat that was chosen', async () => {
    useExports().start(wanted)
    await settle()
    expect(studio.calls[0].input).toMatchObject({
      target: { format: 'gif', fps: 12, scale: 2, repeat: 'ping-pong', overwrite: false },
    })
    expect(useExports().jobs[0]).toMatchObject({ state: 'done', bytes: 321, share: 1 })
  })

  it.each(['png', 'contactSheet'])(
    'saves each frame once in a %s, which does not play (would catch a film there and back)',
    async (id) => {
      const choice = engineChoices.find((one) => one.id === id)!
      useExports().start({ ...wanted, choice })
      await settle()
      expect(studio.calls[0].input).toMatchObject({ target: { format: id, repeat: 'once' } })
    },
  )

  it('asks before it replaces, and replaces only then', async () => {
    answer = ({ target }) => {
      if (!target.overwrite) throw failure('EXISTS', 'There is a file of that name.')
      return { bytes: 1 }
    }
    const id = useExports().start(wanted)
    await settle()
    expect(useExports().clashes.map((job) => job.id)).toEqual([id])
    // A question, no error.
    expect(useExports().jobs[0]).toMatchObject({ state: 'asking', failure: null })
    expect(useNotices().notices).toEqual([])
    useExports().repeat(id, { overwrite: true })
    await settle()
    expect(useExports().clashes).toEqual([])
    expect(useExports().jobs[0].state).toBe('done')
  })

  it('tells what must not be replaced at all instead of asking for ever', async () => {
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

  it('offers to resume what a lost engine interrupted, by the same request', async () => {
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

  it('ends a cancelled export without a complaint', async () => {
    answer = () => new Promise((_resolve, reject) => setTimeout(() => reject(failure('CANCELLED')), 10))
    const id = useExports().start(wanted)
    await settle()
    expect(useExports().jobs[0]).toMatchObject({ share: 0.25, etaSeconds: 8 })
    useExports().cancel(id)
    await vi.advanceTimersByTimeAsync(20)
    expect(useExports().jobs[0].state).toBe('cancelled')
    expect(useNotices().notices).toEqual([])
  })

  it('never shows less than it did (would catch a bar that falls back when a lost engine starts anew)', async () => {
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
})
