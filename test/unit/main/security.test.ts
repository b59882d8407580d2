import type { App, Session, WebContents } from 'electron'
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { confinePages, hardenSession } from '../../../src/main/security'

class FakeContents extends EventEmitter {
  policy = ''
  openWindow: () => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler = (handler: () => { action: string }) => (this.openWindow = handler)
  setWebRTCIPHandlingPolicy = (policy: string) => (this.policy = policy)
}

function confined(): FakeContents {
  const app = new EventEmitter()
  confinePages(app as unknown as App)
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents as unknown as WebContents)
  return contents
}

it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
  'prevents %s on every page',
  (name) => {
    let prevented = false
    confined().emit(name, { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(true)
  },
)

it('denies every request to open a window', () => {
  expect(confined().openWindow()).toEqual({ action: 'deny' })
})

/** Stores handlers as Electron's session does, so that a test can call them. */
class FakeSession extends EventEmitter {
  handlers: Record<string, (...args: never[]) => unknown> = {}
  webRequest = { onBeforeRequest: (handler: () => void) => (this.handlers.request = handler) }
  setPermissionRequestHandler = (handler: () => void) => (this.handlers.permission = handler)
  setPermissionCheckHandler = (handler: () => boolean) => (this.handlers.check = handler)
  setDevicePermissionHandler = (handler: () => boolean) => (this.handlers.device = handler)
  setDisplayMediaRequestHandler = (handler: () => void) => (this.handlers.display = handler)
  setSpellCheckerEnabled = (enabled: boolean) => expect(enabled).toBe(false)
  setSpellCheckerLanguages = (languages: string[]) => expect(languages).toEqual([])

  ask(name: string, ...args: unknown[]): unknown {
    let answer: unknown
    const given = this.handlers[name](...(args as never[]), ((value: unknown) => (answer = value)) as never)
    return answer ?? given
  }
}

function hardened(): FakeSession {
  const session = new FakeSession()
  hardenSession(session as unknown as Session, false)
  return session
}

it('grants only writing to the clipboard, whether a permission is requested or checked, and no device or screen', () => {
  const session = hardened()
  expect(session.ask('permission', null, 'media')).toBe(false)
  expect(session.ask('check')).toBe(false)
  expect(session.ask('check', null, 'clipboard-read')).toBe(false)
  expect(session.ask('permission', null, 'clipboard-sanitized-write')).toBe(true)
  expect(session.ask('check', null, 'clipboard-sanitized-write')).toBe(true)
  expect(session.ask('device')).toBe(false)
  expect(session.ask('display', {})).toEqual({})
})

it('cancels requests that leave the app, and lets those for its own files through', () => {
  expect(hardened().ask('request', { url: 'https://example.com/' })).toEqual({ cancel: true })
  expect(hardened().ask('request', { url: 'app://studio/index.html' })).toEqual({ cancel: false })
})

it('prevents every download', () => {
  let prevented = false
  hardened().emit('will-download', { preventDefault: () => (prevented = true) })
  expect(prevented).toBe(true)
})
