import { expect, it, vi } from 'vitest'
import { textMenuTemplate } from '../../../src/main/textMenu'

vi.mock('electron', () => ({ Menu: {} }))

const none = {
  canUndo: false,
  canRedo: false,
  canCut: false,
  canCopy: false,
  canPaste: false,
  canDelete: false,
  canSelectAll: false,
  canEditRichly: false,
}

it('offers a field what it can do just then, so that pasting works by mouse', () => {
  const items = textMenuTemplate({
    isEditable: true,
    selectionText: '',
    editFlags: { ...none, canPaste: true },
  })
  const enabled = items.filter((item) => item.enabled).map(({ role }) => role)
  expect(enabled).toEqual(['paste'])
  expect(items.map(({ role }) => role)).toEqual(
    expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll']),
  )
})

it('copies text that is only shown, and says nothing where there is none', () => {
  expect(textMenuTemplate({ isEditable: false, selectionText: '31 dB', editFlags: none })).toEqual([
    { role: 'copy' },
  ])
  expect(textMenuTemplate({ isEditable: false, selectionText: ' ', editFlags: none })).toEqual([])
})
