import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const app = vi.hoisted(() => ({
  isReady: () => false,
  enableSandbox: vi.fn(),
  setAppUserModelId: vi.fn(),
  commandLine: { hasSwitch: () => false, appendSwitch: vi.fn() },
}))
vi.mock('electron', () => ({ app, protocol: { registerSchemesAsPrivileged: vi.fn() } }))

beforeEach(() => {
  vi.resetModules()
  vi.clearAllMocks()
})
afterEach(() => vi.restoreAllMocks())

it.each([
  ['win32', [['org.slerpstudio.SlerpStudio']]],
  ['darwin', []],
  ['linux', []],
] as const)(
  'on %s, gives the app its id: %j (would catch notifications without a name on Windows)',
  async (platform, ids) => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue(platform)
    await import('../../../src/main/beforeReady')
    expect(app.setAppUserModelId.mock.calls).toEqual(ids)
  },
)
