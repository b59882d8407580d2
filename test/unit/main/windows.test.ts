import { describe, expect, it, vi } from 'vitest'

const made = vi.hoisted(() => [] as { webPreferences: Record<string, unknown> }[])

vi.mock('electron', () => ({
  BrowserWindow: class {
    webContents = { getURL: () => '' }
    constructor(options: (typeof made)[number]) {
      made.push(options)
    }
    once = () => undefined
    on = () => undefined
    show = () => undefined
    focus = () => undefined
    removeMenu = () => undefined
    loadURL = () => Promise.resolve()
  },
  dialog: {},
  nativeTheme: { shouldUseDarkColors: true, on: () => undefined, off: () => undefined },
  screen: {
    getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
    getAllDisplays: () => [],
  },
}))

const { createMainWindow } = await import('../../../src/main/window')
const { showManual } = await import('../../../src/main/help/manualWindow')

createMainWindow({ preload: '/preload.cjs', developer: false, place: { value: null } as never })
await showManual('manual', false)

/** Electron's options that take a page out of its sandbox; each is off by default. */
const doors = [
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'plugins',
]

describe.each([
  ['the app', 0],
  ['the manual', 1],
])('the window of %s', (_, at) => {
  const { webPreferences } = made[at]

  it('is sandboxed and isolated, without Node, webviews or developer tools', () => {
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: false,
    })
  })

  it('keeps web security on, and sets no unsafe option that is off by default', () => {
    for (const door of doors) expect(webPreferences).not.toHaveProperty(door)
    // Same-origin policy and certificates: on unless it is false.
    expect(webPreferences.webSecurity).not.toBe(false)
  })
})

it('gives the manual’s window no preload bridge and no JavaScript', () => {
  expect(made[1].webPreferences).not.toHaveProperty('preload')
  expect(made[1].webPreferences.javascript).toBe(false)
})
