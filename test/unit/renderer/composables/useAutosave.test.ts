import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { Work } from '#shared/app'
import type { DocumentModel } from '#shared/document'
import type { ModelInfo } from '#shared/reports'
import { duplicateProject } from '../../../../src/renderer/actions/saveProject'
import { useAutosave } from '../../../../src/renderer/composables/useAutosave'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useModel } from '../../../../src/renderer/stores/model'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useProject } from '../../../../src/renderer/stores/project'
import { randomNumbers } from '../../../fixtures/mutants'
import { installFakeStudio, modelInfo } from '../fakeStudio'

/** How much of an edit a crash may lose, in milliseconds, as issue and docs promise. */
const mostBehind = 1000

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

/** A window whose work is saved from now on; `kept` lists what was sent to be saved, and when. */
function begin() {
  const kept: (Pick<Work, 'from' | 'name'> & { at: number; notes: string; model: DocumentModel | null })[] =
    []
  installFakeStudio({
    'app.saveWork': ({ document, from, name }: Work) =>
      void kept.push({ at: Date.now(), notes: document.notes, model: document.model, from, name }),
    'project.show': () => null,
  })
  vi.stubGlobal('window', { ...window, addEventListener: vi.fn(), removeEventListener: vi.fn() })
  scope.run(() => useAutosave()())
  return kept
}

it.each([1, 2, 3])(
  'is never more than a second behind during continuous edits (seed %i; would catch a timer that each edit restarts)',
  async (seed) => {
    const random = randomNumbers(seed)
    const kept = begin()
    const document = useDocument()
    const edits: number[] = []
    const end = Date.now() + 60_000
    while (Date.now() < end) {
      // Mostly a slider being dragged, with an occasional pause.
      await vi.advanceTimersByTimeAsync(random() < 0.02 ? random() * 3000 : random() * 60)
      edits.push(Date.now())
      document.change({ notes: String(edits.length) })
    }
    await vi.advanceTimersByTimeAsync(mostBehind)
    expect(kept.at(-1)!.notes).toBe(String(edits.length))
    const behind = edits.map((at, index) => {
      const first = kept.find((one) => Number(one.notes) >= index + 1)
      return first!.at - at
    })
    expect(Math.max(...behind)).toBeLessThanOrEqual(mostBehind)
    // It is also a timer: not every edit causes a write.
    expect(kept.length).toBeLessThan(edits.length / 2)
  },
)

it('keeps which project a duplicate came from, and its name', async () => {
  const kept = begin()
  const project = useProject()
  project.path = '/films/a.slerp'
  project.from = '/films/a.slerp'
  duplicateProject()
  await vi.advanceTimersByTimeAsync(mostBehind)
  expect(kept.at(-1)).toMatchObject({ from: '/films/a.slerp', name: 'a copy' })
})

it.each([
  ['another model', () => (useModel().info = { ...modelInfo, sha256: 'of another' } as ModelInfo)],
  ['another reading of it', () => (usePreferences().modelReading = { prediction: 'v_prediction' })],
])('keeps %s without an edit (would catch a model that a crash undoes)', async (_what, choose) => {
  const kept = begin()
  useModel().info = modelInfo as ModelInfo
  usePreferences().modelPath = modelInfo.path
  await vi.advanceTimersByTimeAsync(mostBehind)
  choose()
  await vi.advanceTimersByTimeAsync(mostBehind)
  expect(kept.at(-1)!.model).toEqual(useProject().current().model)
  expect(new Set(kept.map(({ model }) => JSON.stringify(model))).size).toBe(3)
})

/** Closes the window while this is done by the field that has the focus as it commits its text. */
function closeWindow(commit: () => void) {
  const [, close] = vi
    .mocked(window.addEventListener)
    .mock.calls.find(([name]) => (name as string) === 'beforeunload')!
  vi.stubGlobal('document', {
    activeElement: { matches: () => true, blur: commit, focus: () => undefined },
  })
  const event = { preventDefault: vi.fn() }
  ;(close as unknown as (event: unknown) => void)(event)
  return event.preventDefault
}

it('saves what is still in the field that has the focus when the window closes', async () => {
  const kept = begin()
  closeWindow(() => useDocument().change({ notes: 'typed' }))
  vi.unstubAllGlobals()
  await Promise.resolve()
  expect(kept.at(-1)!.notes).toBe('typed')
})

describe('a window that closes while a text is being typed', () => {
  const type = (): void => useDocument().change({ notes: 'typed' })

  it.each<[string, string | null, () => void, boolean]>([
    ['a project without other changes', '/films/a.slerp', type, true],
    ['work without a file, which is kept anyway', null, type, false],
    ['a project that the text does not change', '/films/a.slerp', () => undefined, false],
  ])(
    'stays open to ask for %s (path %s; would catch a change that is lost to a closing without a question)',
    async (_what, path, commit, asks) => {
      begin()
      const project = useProject()
      project.path = path
      project.saved = useDocument().value
      const close = vi.fn()
      window.close = close
      const prevented = closeWindow(commit)
      await vi.advanceTimersByTimeAsync(0)
      expect([prevented.mock.calls.length, close.mock.calls.length]).toEqual(asks ? [1, 1] : [0, 0])
    },
  )

  it('closes at once if the user has been asked about earlier changes', async () => {
    begin()
    useProject().path = '/films/a.slerp'
    useDocument().change({ notes: 'earlier' })
    const prevented = closeWindow(type)
    await vi.advanceTimersByTimeAsync(0)
    expect(prevented).not.toHaveBeenCalled()
  })

  it('tells the main process of the change before it closes again', async () => {
    begin()
    const project = useProject()
    project.path = '/films/a.slerp'
    project.saved = useDocument().value
    await vi.advanceTimersByTimeAsync(0)
    const order: unknown[] = []
    const { studio } = window
    window.studio = {
      ...studio,
      request: (route, input, id) => {
        if (route === 'project.show') order.push((input as { dirty: boolean }).dirty)
        return studio.request(route, input, id)
      },
    }
    window.close = () => order.push('closed')
    closeWindow(type)
    await vi.advanceTimersByTimeAsync(0)
    expect(order.at(-1)).toBe('closed')
    expect(order).toContain(true)
  })
})

it('saves nothing again when nothing has changed', async () => {
  const kept = begin()
  await vi.advanceTimersByTimeAsync(5000)
  expect(kept).toHaveLength(1)
})
