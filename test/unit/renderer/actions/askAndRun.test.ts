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

describe('a task that asks where to', () => {
  it('runs what was chosen and says so', async () => {
    const run = vi.fn()
    await askAndRun({ ask, run, done, failed: 'Not saved' })
    expect(run.mock.calls).toEqual([['/chosen', false]])
    expect(shown()).toMatchObject({ tone: 'good', title: 'Saved /chosen' })
  })

  it('does and says nothing when the person cancels the dialog', async () => {
    const run = vi.fn()
    await askAndRun({ ask: () => Promise.resolve(null), run, done, failed: 'Not saved' })
    expect(run).not.toHaveBeenCalled()
    expect(useNotices().notices).toEqual([])
  })

  it('replaces a file only after the person said so (would catch an overwrite without a question)', async () => {
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

  it('offers to try a failure again, without asking where to once more', async () => {
    const asked = vi.fn(ask)
    const run = vi.fn().mockRejectedValueOnce(new StudioError('UNWRITABLE', 'The disk is full.'))
    await askAndRun({ ask: asked, run, done, failed: 'Not saved' })
    shown()!.action!.run()
    await vi.waitFor(() => expect(shown()?.title).toBe('Saved /chosen'))
    expect(asked).toHaveBeenCalledTimes(1)
  })
})
