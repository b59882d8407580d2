import { expect, it } from 'vitest'
import { contentSecurityPolicy, isLocal } from '../../../src/main/confinement'

it.each([
  'http://127.0.0.1/',
  'https://example.com/',
  'ws://x/',
  'file:///etc/passwd',
  'ftp://x/',
  'chrome://gpu',
])('blocks requests for %s', (url) =>
  expect([isLocal(url, false), isLocal(url, true)]).toEqual([false, false]),
)

it.each(['app://studio/index.html', 'blob:app://studio/1', 'data:image/png;base64,'])(
  'allows requests for %s',
  (url) => expect(isLocal(url, false)).toBe(true),
)

it('allows the files of the developer tools only for developers', () => {
  expect([isLocal('devtools://devtools/x.js', true), isLocal('devtools://devtools/x.js', false)]).toEqual([
    true,
    false,
  ])
})

it('allows only the app’s own files as scripts, and no unsafe or remote source in the policy', () => {
  const scripts = contentSecurityPolicy.split('; ').find((directive) => directive.startsWith('script-src'))
  expect(scripts).toBe("script-src 'self'")
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
})
