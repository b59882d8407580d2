import { FuseV1Options } from '@electron/fuses'
import { expect, it } from 'vitest'
import { fuseConfig } from '../../../tools/package/fuses.mjs'

it.each([
  ['darwin', 'arm64', true],
  ['darwin', 'x64', false],
  ['linux', 'arm64', false],
  ['win32', 'x64', false],
] as const)(
  'setting fuses on %s %s signs the app again: %s (would catch an app that Apple silicon refuses to start)',
  (platform, arch, isSigned) => {
    // @electron/fuses' README, "Apple Silicon".
    expect(fuseConfig(['RunAsNode'], platform, arch).resetAdHocDarwinSignature).toBe(isSigned)
  },
)

it('sets the fuses that the binary has, and refuses one that is not in the table', () => {
  expect(fuseConfig(['RunAsNode', 'OnlyLoadAppFromAsar'], 'linux', 'x64')).toMatchObject({
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
  })
  expect(() => fuseConfig(['RunAsNode', 'Invented'], 'linux', 'x64')).toThrow(/Invented/)
})
