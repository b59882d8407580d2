import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, watch, type EffectScope } from 'vue'
import { runCommand } from '../../../../src/renderer/actions/commands'
import { useLayout } from '../../../../src/renderer/stores/layout'
import { installFakeStudio } from '../fakeStudio'

const [tile, search, button] = [
  '[data-library] [tabindex="0"]',
  '[data-library-search]',
  '[data-library-open]',
]

let scope: EffectScope
/** What the library shows, once it is in the window. */
let inLibrary: readonly string[]
let done: string[]
beforeEach(() => {
  installFakeStudio({})
  inLibrary = [tile, search]
  done = []
  const layout = useLayout()
  let rendered = layout.isOpen('library')
  scope = effectScope()
  // A panel is in the window only after the update that follows its opening.
  scope.run(() =>
    watch(
      () => layout.isOpen('library'),
      (now) => (rendered = now),
      { flush: 'post' },
    ),
  )
  vi.stubGlobal('document', {
    querySelector: (one: string) =>
      rendered && inLibrary.includes(one)
        ? { focus: () => done.push(`focus ${one}`), select: () => done.push(`select ${one}`) }
        : null,
  })
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

async function run(command: 'showLibrary' | 'findInLibrary', isOpen: boolean): Promise<string[]> {
  const layout = useLayout()
  if (layout.isOpen('library') !== isOpen) layout.toggle('library')
  await Promise.resolve()
  runCommand(command)
  await new Promise((resolve) => setTimeout(resolve))
  expect(layout.isOpen('library')).toBe(true)
  return done
}

it.each([true, false])(
  'reach the library, also a closed one (would catch a Ctrl+F that does nothing): %s',
  async (isOpen) => {
    expect(await run('findInLibrary', isOpen)).toEqual([`focus ${search}`, `select ${search}`])
    done = []
    expect(await run('showLibrary', isOpen)).toEqual([`focus ${tile}`])
  },
)

it('go to the search if it finds nothing', async () => {
  inLibrary = [search]
  expect(await run('showLibrary', true)).toEqual([`focus ${search}`])
})

it.each(['showLibrary', 'findInLibrary'] as const)(
  'go to “Open pictures” in an empty library: %s',
  async (command) => {
    inLibrary = [button]
    expect(await run(command, false)).toEqual([`focus ${button}`])
  },
)
