import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { StudioError } from '#shared/errors'
import { askAndRun } from '../../../../src/renderer/actions/askAndRun'
import { useNotices } from '../../../../src/renderer/stores/notices'

const exists = new StudioError('EXISTS', 'A file of that name is there.')
const ask = () => Promise.resolve<string | null>('/chosen')
const done = (path: string) => ({ title: `Saved ${path}` })
const shown = () => useNotices().notices.at(-1)

beforeEach(() => setActivePinia(createPinia()))

describe('a task that asks for a path', () => {
  it('runs with the chosen path and reports success', async () => {
    const run = vi.fn()
    await askAndRun({ ask, run, done, failed: 'Not saved' })
    expect(run.mock.calls).toEqual([['/chosen', false]])
    expect(shown()).toMatchObject({ tone: 'good', title: 'Saved /chosen' })
  })

  it('does nothing and shows no message when the user cancels the dialog', async () => {
    const run = vi.fn()
    await askAndRun({ ask: () => Promise.resolve(null), run, done, failed: 'Not saved' })
    expect(run).not.toHaveBeenCalled()
    expect(useNotices().notices).toEqual([])
  })

  it('replaces a file only after the user agrees (would catch an overwrite without asking)', async () => {
    const run = vi.fn().mockRejectedValueOnce(exists)
    await askAndRun({ ask, run, done, failed: 'Not saved' })
    expect(shown()).toMatchObject({ title: 'Not saved', code: 'EXISTS', action: { label: 'Replace' } })
    shown()!.action!.run()
    await vi.waitFor(() => expect(shown()?.title).toBe('Saved /chosen'))
    expect(run.mock.calls).toEqual([
      ['/chosen', false],
      ['/chosen', true],
    ])
  })

  it('offers to retry after a failure, without asking for the path again', async () => {
    const asked = vi.fn(ask)
    const run = vi.fn().mockRejectedValueOnce(new StudioError('UNWRITABLE', 'The disk is full.'))
    await askAndRun({ ask: asked, run, done, failed: 'Not saved' })
    shown()!.action!.run()
    await vi.waitFor(() => expect(shown()?.title).toBe('Saved /chosen'))
    expect(asked).toHaveBeenCalledTimes(1)
  })
})
