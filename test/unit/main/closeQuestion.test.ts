import type { BrowserWindow, MessageBoxOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { askBeforeClosing, workUnderWay, type WorkUnderWay } from '../../../src/main/closeQuestion'

/** A window that closes unless prevented, and a user who gives these answers, one per question. */
function setUp(works: Partial<WorkUnderWay>, answers: readonly string[] = [], unsaved: string | null = null) {
  const underWay = { saving: false, resumable: false, films: false, waiting: 0, ...works }
  const questions: MessageBoxOptions[] = []
  const state = { closed: false, saves: 0, saved: false, discarded: false }
  let onClose: (event: { preventDefault(): void }) => void = () => undefined
  const window = {
    on: (_event: string, listener: typeof onClose) => (onClose = listener),
    close() {
      let prevented = false
      onClose({ preventDefault: () => (prevented = true) })
      state.closed = !prevented
    },
  } as unknown as BrowserWindow
  const showMessageBox = async (_window: BrowserWindow, options: MessageBoxOptions) => {
    const response = options.buttons!.indexOf(answers[questions.length])
    questions.push(options)
    return { response, checkboxChecked: false }
  }
  const closeSaved = askBeforeClosing(window, { showMessageBox } as never, {
    underWay: () => underWay,
    unsaved: () => (state.discarded || state.saved ? null : unsaved),
    saveAndClose: () => state.saves++,
    discard: () => (state.discarded = true),
  })
  return { window, questions, state, underWay, closeSaved }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

it('closes an idle window without asking', () => {
  const { window, questions, state } = setUp({})
  window.close()
  expect(state.closed).toBe(true)
  expect(questions).toEqual([])
})

it('stays open when the user chooses to keep exporting, and asks again the next time', async () => {
  const { window, questions, state } = setUp({ resumable: true }, ['Keep exporting', 'Stop and quit'])
  window.close()
  await settled()
  expect(state.closed).toBe(false)
  window.close()
  await settled()
  expect(state.closed).toBe(true)
  expect(questions).toHaveLength(2)
})

it('asks only once, however often the user tries to close the window while the question is open', async () => {
  const { window, questions, state } = setUp({ resumable: true }, ['Keep exporting'])
  window.close()
  window.close()
  await settled()
  expect(questions).toHaveLength(1)
  expect(state.closed).toBe(false)
})

it('says that finished frames are kept, but that films start over', () => {
  const frames = setUp({ resumable: true })
  frames.window.close()
  expect(frames.questions[0].detail).toMatch(/kept/)
  const films = setUp({ resumable: true, films: true })
  films.window.close()
  expect(films.questions[0].detail).toMatch(/from the start/)
})

it.each([
  [1, /1 more is waiting/],
  [3, /3 more are waiting/],
])('names %i exports that wait, which would be forgotten', (waiting, said) => {
  const works = workUnderWay(
    { isRunning: (route) => route === 'animation.export' },
    { isWriting: false },
    { waiting },
  )
  const { window, questions } = setUp(works)
  window.close()
  expect(questions[0].message).toMatch(said)
  expect(questions[0].detail).toMatch(/Finished frames are kept.*started again/)
})

it('asks before it ends a save (would catch a first save or a collected copy that is lost without a word)', async () => {
  const { window, questions, state } = setUp({ saving: true }, ['Keep saving', 'Stop and quit'])
  window.close()
  await settled()
  expect(questions[0].message).toMatch(/still being saved/)
  expect(state.closed).toBe(false)
  window.close()
  await settled()
  expect(state.closed).toBe(true)
})

it('asks about a save and an export in one question', async () => {
  const { window, questions, state } = setUp({ saving: true, films: true }, ['Don’t quit', 'Stop and quit'])
  window.close()
  await settled()
  expect(state.closed).toBe(false)
  expect(questions.map(({ message, detail }) => `${message} ${detail}`)).toEqual([
    expect.stringMatching(/saved.*export.*from the start.*nothing is written/),
  ])
  window.close()
  await settled()
  expect([state.closed, questions.length]).toEqual([true, 2])
})

it.each([
  ['project.save', 'saving'],
  ['animation.export', 'resumable'],
  ['animation.provenance', 'films'],
  ['animation.frames', null],
])('while %s runs, closing would stop: %s', (route, stopped) => {
  const works = workUnderWay({ isRunning: (asked) => asked === route }, { isWriting: false }, { waiting: 0 })
  expect(Object.entries(works).flatMap(([work, runs]) => (runs ? [work] : []))).toEqual(
    stopped === null ? [] : [stopped],
  )
})

it('counts a file that is open for writing as a film', () => {
  expect(workUnderWay({ isRunning: () => false }, { isWriting: true }, { waiting: 0 }).films).toBe(true)
})

const idle = {}

it('asks before closing with unsaved changes, and lets the window save them', async () => {
  const { window, questions, state } = setUp(idle, ['Save'], 'Film')
  window.close()
  await settled()
  expect(questions[0].message).toContain('Film')
  expect(state).toMatchObject({ closed: false, saves: 1, discarded: false })
})

it('stays open on Cancel, and closes and discards the changes on Don’t save', async () => {
  const kept = setUp(idle, ['Cancel', 'Don’t save'], 'Film')
  kept.window.close()
  await settled()
  expect(kept.state).toMatchObject({ closed: false, saves: 0, discarded: false })
  kept.window.close()
  await settled()
  expect(kept.state).toMatchObject({ closed: true, saves: 0, discarded: true })
})

it('stays open on an answer that is none of the buttons (would catch changes that are lost unasked)', async () => {
  const { window, state } = setUp(idle, ['closed by the system'], 'Film')
  window.close()
  await settled()
  expect(state).toMatchObject({ closed: false, saves: 0, discarded: false })
})

describe('an export that runs while changes are unsaved', () => {
  const busy = { resumable: true }
  const about = (questions: readonly MessageBoxOptions[]): string[] =>
    questions.map(({ message }) => (message.includes('changes') ? 'changes' : 'export'))
  const tryToClose = async ({ window }: { window: BrowserWindow }): Promise<void> => {
    window.close()
    await settled()
  }

  it('is asked about together with them, and each button says what it does (would catch two questions, of which the first says nothing of the export)', async () => {
    const { questions, ...both } = setUp({ ...busy, waiting: 2 }, ['Quit without saving'], 'Film')
    await tryToClose(both)
    expect(questions).toHaveLength(1)
    expect(questions[0]).toMatchObject({
      message: expect.stringMatching(/export.*2 more.*“Film”/) as string,
      detail: expect.stringMatching(/frames are kept.*started again.*“Quit without saving” loses/) as string,
      buttons: ['Don’t quit', 'Save and quit', 'Quit without saving'],
    })
    expect(both.state).toMatchObject({ closed: true, discarded: true, saves: 0 })
  })

  it('goes on with the changes kept if the window stays open', async () => {
    const kept = setUp(busy, ['Don’t quit', 'closed by the system'], 'Film')
    await tryToClose(kept)
    await tryToClose(kept)
    expect(kept.state).toMatchObject({ closed: false, discarded: false, saves: 0 })
    expect(kept.questions).toHaveLength(2)
  })

  it('ends without another question once the changes are saved', async () => {
    const both = setUp(busy, ['Save and quit'], 'Film')
    await tryToClose(both)
    expect(both.state).toMatchObject({ closed: false, saves: 1 })
    both.state.saved = true
    both.closeSaved()
    await settled()
    expect(both.questions).toHaveLength(1)
    expect(both.state).toMatchObject({ closed: true, discarded: false })
  })

  it('is asked about again after a save that failed (would catch an export that ends unasked)', async () => {
    const both = setUp(busy, ['Save and quit', 'Keep exporting', 'Stop and quit'], 'Film')
    // The save fails, so the window is not closed; later, the user saves.
    await tryToClose(both)
    both.state.saved = true
    await tryToClose(both)
    expect([both.state.closed, about(both.questions)]).toEqual([false, ['changes', 'export']])
    await tryToClose(both)
    expect([both.state.closed, both.questions.length]).toEqual([true, 3])
  })

  it('is asked about again if changes were made, or another save was begun, during the save', async () => {
    const edited = setUp(busy, ['Save and quit', 'Don’t quit'], 'Film')
    await tryToClose(edited)
    edited.closeSaved()
    await settled()
    expect([edited.state.closed, edited.questions.length]).toEqual([false, 2])

    const copying = setUp(busy, ['Save and quit', 'Don’t quit'], 'Film')
    await tryToClose(copying)
    copying.state.saved = true
    copying.underWay.saving = true
    copying.closeSaved()
    await settled()
    expect([copying.state.closed, copying.questions.length]).toEqual([false, 2])
  })

  it('keeps the window open if the user chooses to stay while the changes are being saved (would catch an app that quits against the last answer)', async () => {
    const saving = setUp(busy, ['Save and quit', 'Don’t quit'], 'Film')
    await tryToClose(saving)
    saving.underWay.saving = true
    await tryToClose(saving)
    Object.assign(saving.underWay, { saving: false, resumable: false, waiting: 0 })
    saving.state.saved = true
    saving.closeSaved()
    await settled()
    expect([saving.state.closed, saving.questions.length]).toEqual([false, 2])
  })

  it('that began after the question about the changes is asked about (would catch an export that ends unasked)', async () => {
    const { underWay, ...later } = setUp(idle, ['Save', 'Keep exporting'], 'Film')
    await tryToClose(later)
    later.state.saved = true
    underWay.resumable = true
    later.closeSaved()
    await settled()
    expect(later.state.closed).toBe(false)
    expect(about(later.questions)).toEqual(['changes', 'export'])
  })

  it('is asked about again if the window stays open after all', async () => {
    const { window, ...agreed } = setUp(busy, ['Stop and quit', 'Stop and quit'])
    await tryToClose({ window })
    await tryToClose({ window })
    expect(agreed.questions).toHaveLength(2)
  })
})

it('does not discard work that nobody was asked about (would catch untitled work that is gone at the next start)', async () => {
  const { window, state } = setUp({ resumable: true }, ['Stop and quit'])
  window.close()
  await settled()
  expect(state).toMatchObject({ closed: true, discarded: false })
})
