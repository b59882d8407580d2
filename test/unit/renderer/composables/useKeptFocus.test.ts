import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useKeptFocus } from '../../../../src/renderer/composables/useKeptFocus'
import { FakeElement, focus, installFakeDocument } from './fakeElements'

let scope: EffectScope
let changed: () => void
/** Rows of a list in a side panel, each with two buttons; a stage; and a dialog. */
let rows: FakeElement[]
let [panel, stage, dialog]: FakeElement[] = []

beforeEach(() => {
  rows = ['a', 'b', 'c'].map(
    (name) =>
      new FakeElement(name, [new FakeElement(`${name} show`), new FakeElement(`${name} remove`)], false),
  )
  panel = new FakeElement('panel', [new FakeElement('list', rows, false), new FakeElement('add')], false)
  stage = new FakeElement('main', [new FakeElement('view', [new FakeElement('zoom')], false)], true)
  dialog = new FakeElement('dialog', [new FakeElement('close'), new FakeElement('use')], true)
  const app = new FakeElement('app', [new FakeElement('logo'), panel, stage], false)
  changed = installFakeDocument(app, dialog).changed
  scope = effectScope()
  scope.run(useKeptFocus)
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

const press = () => window.dispatchEvent(new Event('keydown'))
const named = (name: string) => focus.body.querySelectorAll(name)[0]

/** Focuses an element and removes another one (with it), as by a key. */
function lose(focused: string, removed: FakeElement): string {
  named(focused).focus()
  press()
  removed.remove()
  changed()
  return focus.at.name
}

describe('the focus, when the element that has it is gone', () => {
  it('goes to the control that takes its place (would catch rows that drop the focus when they are removed)', () => {
    expect(lose('b remove', rows[1])).toBe('c remove')
    expect(lose('c remove', rows[2])).toBe('a remove')
  })

  it('goes to what is left around it if its part is empty or gone', () => {
    expect(lose('b show', named('list'))).toBe('add')
  })

  it('goes to the stage if all around it is gone, or if it was on the stage itself', () => {
    expect(lose('b show', panel)).toBe('main')
    expect(lose('zoom', named('view'))).toBe('main')
  })

  it('stays where an action put it, and where it is while something else goes', () => {
    named('b remove').focus()
    press()
    rows[1].remove()
    named('add').focus()
    changed()
    expect(focus.at.name).toBe('add')
    rows[0].remove()
    changed()
    expect(focus.at.name).toBe('add')
  })

  it('is nowhere after a press of the mouse (would catch Space pressing a button that nobody chose)', () => {
    named('b remove').focus()
    press()
    window.dispatchEvent(new Event('pointerdown'))
    rows[1].remove()
    changed()
    expect(focus.at.name).toBe('body')
  })

  it('goes to the next control in a dialog that focused itself', () => {
    named('use').focus()
    press()
    named('use').remove()
    dialog.focus()
    changed()
    expect(focus.at.name).toBe('close')
  })

  it('goes to the place of a menu’s subject once the menu is closed', () => {
    named('b show').focus()
    press()
    const menu = new FakeElement('.floating', [new FakeElement('item')], false)
    focus.body.append(menu)
    named('item').focus()
    rows[1].remove()
    changed()
    expect(focus.at.name).toBe('item')
    menu.remove()
    changed()
    expect(focus.at.name).toBe('c show')
  })
})
