import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { Work } from '#shared/app'
import { duplicateProject } from '../../../../src/renderer/actions/saveProject'
import { useAutosave } from '../../../../src/renderer/composables/useAutosave'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useProject } from '../../../../src/renderer/stores/project'
import { randomNumbers } from '../../../fixtures/mutants'
import { installFakeStudio } from '../fakeStudio'

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
  const kept: { at: number; notes: string; from: string | null; name: string }[] = []
  installFakeStudio({
    'app.saveWork': ({ document, from, name }: Work) =>
      void kept.push({ at: Date.now(), notes: document.notes, from, name }),
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

it('saves what is still in the field that has the focus when the window closes', async () => {
  const kept = begin()
  const [, close] = vi
    .mocked(window.addEventListener)
    .mock.calls.find(([name]) => (name as string) === 'beforeunload')!
  const field = {
    matches: () => true,
    blur: () => useDocument().change({ notes: 'typed' }),
    focus: () => undefined,
  }
  vi.stubGlobal('document', { activeElement: field })
  ;(close as () => void)()
  vi.unstubAllGlobals()
  await Promise.resolve()
  expect(kept.at(-1)!.notes).toBe('typed')
})

it('saves nothing again when nothing has changed', async () => {
  const kept = begin()
  await vi.advanceTimersByTimeAsync(5000)
  expect(kept).toHaveLength(1)
})
