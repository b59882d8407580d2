import { describe, expect, it } from 'vitest'
import { crashedAtOnce, sandboxObstacle } from '../../../tools/electronRuntime.mjs'

/** A normal user of Ubuntu 24.04, with the helper as npm unpacks it: that user's own, and not setuid. */
const ubuntu = {
  user: 1000,
  profile: 'unconfined\n',
  environment: {},
  restriction: '1\n',
  helper: { path: '/home/mia/slerp studio/chrome-sandbox', owner: 1000, mode: 0o100755 },
}
const helper = (owner: number, mode: number) => ({ ...ubuntu.helper, owner, mode })

describe('Chromium’s sandbox', () => {
  it('probably cannot start for a normal user of Ubuntu 24.04, who is told how to allow it', () => {
    const obstacle = sandboxObstacle(ubuntu)
    expect(obstacle).toContain('install the .deb')
    expect(obstacle).toContain(
      'sudo chown root "/home/mia/slerp studio/chrome-sandbox" && sudo chmod 4755 "/home/mia/slerp studio/chrome-sandbox"',
    )
  })

  it.each([
    ['belongs to root without being setuid', helper(0, 0o100755)],
    ['is setuid for somebody else', helper(1000, 0o104755)],
    ['is setuid and writable for everybody, which Chromium refuses', helper(0, 0o104777)],
  ])('probably cannot start if its helper %s', (_, found) => {
    const obstacle = sandboxObstacle({ ...ubuntu, helper: found })
    expect(obstacle).toContain('keeps Chromium’s sandbox from programs that are not installed')
    expect(obstacle).toContain(`sudo chmod 4755 "${found.path}"`)
  })

  it.each([
    ['its helper is setuid root', { helper: helper(0, 0o104755) }],
    ['the kernel lets everybody make user namespaces', { restriction: '0\n' }],
    ['the kernel knows no such restriction', { restriction: null }],
    ['the terminal has a profile, which may allow it', { profile: 'vscode (unconfined)\n' }],
    ['it is switched off', { environment: { ELECTRON_DISABLE_SANDBOX: '1' } }],
    ['another helper is named', { environment: { CHROME_DEVEL_SANDBOX: '/usr/lib/chrome-sandbox' } }],
    ['the user is root, for whom it is switched off', { user: 0 }],
  ])('has nothing in its way that can be seen if %s', (_, changed) => {
    expect(sandboxObstacle({ ...ubuntu, ...changed })).toBeNull()
  })
})

it.each([
  ['SIGTRAP', 300, true],
  ['SIGABRT', 8000, true],
  ['SIGTRAP', 3_600_000, false],
  ['SIGINT', 300, false],
  ['SIGTERM', 300, false],
  ['SIGHUP', 300, false],
  ['SIGKILL', 300, false],
  [null, 300, false],
])('a program that %s ends after %i ms crashed at once: %s', (signal, milliseconds, expected) => {
  expect(crashedAtOnce(signal, milliseconds)).toBe(expected)
})
