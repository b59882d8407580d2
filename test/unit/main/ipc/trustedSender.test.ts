import type { WebContents, WebFrameMain } from 'electron'
import { expect, it } from 'vitest'
import { isTrustedSender, type Sender } from '../../../../src/main/ipc/trustedSender'

const window = { id: 1 } as WebContents
const other = { id: 2 } as WebContents
const frame = (origin: string, parent: WebFrameMain | null = null) => ({ origin, parent }) as WebFrameMain
const top = frame('app://studio')

it('trusts the top frame of the app’s own page', () => {
  expect(isTrustedSender({ sender: window, senderFrame: top } as Sender, window)).toBe(true)
})

it.each<[string, Partial<Sender>]>([
  ['another window', { sender: other, senderFrame: top }],
  ['a frame inside the page', { sender: window, senderFrame: frame('app://studio', top) }],
  ['a page from elsewhere', { sender: window, senderFrame: frame('https://example.com') }],
  ['a page of another host of the scheme', { sender: window, senderFrame: frame('app://elsewhere') }],
  ['a page without an origin', { sender: window, senderFrame: frame('null') }],
  ['a frame that is gone', { sender: window, senderFrame: null }],
])('does not trust %s', (_name, sender) => {
  expect(isTrustedSender(sender as Sender, window)).toBe(false)
})
