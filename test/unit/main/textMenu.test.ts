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

it('enables only the actions that a text field currently allows, so that the mouse can paste', () => {
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

it('offers only Copy for selected read-only text, and no menu without a selection', () => {
  expect(textMenuTemplate({ isEditable: false, selectionText: '31 dB', editFlags: none })).toEqual([
    { role: 'copy' },
  ])
  expect(textMenuTemplate({ isEditable: false, selectionText: ' ', editFlags: none })).toEqual([])
})
