import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuCommands, type MenuCommand } from '#shared/app'
import { menuTemplate, type MenuContext } from '../../../src/main/menu'
import { shortcuts, type Shortcut } from '../../../src/renderer/actions/shortcuts'

function build(part: Partial<MenuContext> = {}): MenuItemConstructorOptions[] {
  const nothing = () => undefined
  const context: MenuContext = {
    platform: 'linux',
    developer: false,
    recentPictures: [],
    recentProjects: [],
    project: null,
    send: nothing,
    openFile: nothing,
    clearRecent: nothing,
    ...part,
  }
  return menuTemplate(context).flatMap(flatten)
}

function flatten(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return [item, ...(Array.isArray(item.submenu) ? item.submenu.flatMap(flatten) : [])]
}

const click = (item?: MenuItemConstructorOptions) => (item?.click as (() => void) | undefined)?.()

describe.each(['linux', 'win32', 'darwin'] as const)('menu on %s', (platform) => {
  it('contains each command of the window exactly once, and sends it when clicked', () => {
    const sent: MenuCommand[] = []
    const items = build({ platform, send: (command) => sent.push(command) }).filter(
      ({ id }) => id !== undefined,
    )
    items.forEach(click)
    expect([...sent].sort()).toEqual([...menuCommands].sort())
    expect(items.map(({ id }) => id)).toEqual(sent)
  })

  it('assigns no shortcut to two commands', () => {
    const keys = build({ platform }).flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('registers no shortcut without a modifier key, so that typing still works', () => {
    const plain = build({ platform }).filter(
      ({ accelerator }) => accelerator && !String(accelerator).includes('+'),
    )
    expect(plain.every(({ registerAccelerator }) => registerAccelerator === false)).toBe(true)
  })

  it('has the standard items, such as Quit, Copy and Paste', () => {
    const roles = build({ platform }).map(({ role }) => role)
    expect(roles).toEqual(expect.arrayContaining(['quit', 'cut', 'copy', 'paste', 'selectAll', 'minimize']))
  })
})

it('shows a recent picture by name and opens it by path', () => {
  const opened: string[] = []
  const items = build({ recentPictures: ['/pictures/a.png'], openFile: (path) => opened.push(path) })
  click(items.find(({ label }) => label === 'a.png'))
  expect(opened).toEqual(['/pictures/a.png'])
})

it('offers Reload and the developer tools only to developers', () => {
  const roles = (developer: boolean) => build({ developer }).map(({ role }) => role)
  expect(roles(true)).toContain('toggleDevTools')
  expect(roles(false)).not.toContain('toggleDevTools')
  expect(roles(false)).not.toContain('reload')
})

/** A shortcut of the window in the notation of menus. */
function acceleratorOf({ key, mod, shift }: Shortcut): string {
  const name = key === ' ' ? 'Space' : key.toUpperCase()
  return [...(mod ? ['CmdOrCtrl'] : []), ...(shift ? ['Shift'] : []), name].join('+')
}

it('shows the shortcuts that the window handles, and none that it uses for another command', () => {
  const items = build().filter(({ id, accelerator }) => id && accelerator)
  expect(items).not.toEqual([])
  for (const { id, accelerator } of items) {
    const keys = shortcuts.filter(({ command }) => command === id).map(acceleratorOf)
    expect(keys, id).toContain(accelerator)
    const taken = shortcuts.find((shortcut) => acceleratorOf(shortcut) === accelerator)
    if (taken) expect(taken.command, String(accelerator)).toBe(id)
  }
})

it('names the folders of recent files that have the same name (would catch two entries that look alike)', () => {
  const recentProjects = ['/old/film.slerp', '/new/film.slerp', '/new/other.slerp']
  const labels = build({ recentProjects }).map(({ label }) => label)
  expect(labels).toEqual(expect.arrayContaining(['film.slerp – /old', 'film.slerp – /new', 'other.slerp']))
})
