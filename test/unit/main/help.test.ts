import { describe, expect, it } from 'vitest'
import { writeDiagnostics } from '../../../src/main/help/diagnostics'
import { hidePaths } from '../../../src/main/help/hidePaths'

const owner = { home: '/home/ada lovelace', user: 'ada', host: 'analytical-engine' }
const secrets = [
  '/home/ada lovelace/Pictures/wedding.png',
  '/home/ada lovelace/private folder/x',
  '/mnt/secret/model',
  '/mnt/secret/deep/er/model.safetensors',
  'C:\\Users\\ada\\secret.png',
  '\\\\server\\share\\secret',
  '~/secret/things',
  'file:///mnt/secret/a.png',
  'wedding-secret.HEIC',
  'wedding-secret.jfif',
]

describe('hidePaths', () => {
  it.each(secrets)('hides %s in any sentence', (secret) => {
    const sentences = [
      `Cannot read "${secret}": it is gone.`,
      `Error: ENOENT: no such file or directory, open '${secret}'`,
      `at ${secret}`,
      `[engine] (${secret}:10:5)`,
      `path=${secret}`,
    ]
    for (const sentence of sentences) {
      const hidden = hidePaths(sentence, owner)
      expect(hidden).not.toMatch(/secret|wedding|ada|lovelace|Pictures/i)
    }
  })

  it('hides a user name and a host name outside a path, too', () => {
    expect(hidePaths('ada@analytical-engine', owner)).toBe('<name>@<name>')
  })

  it.each([
    'onnxruntime 1.29.0, Chromium 130.0.6723.137',
    'cuda fp32: CUDA lacks a library of CUDA 13, libcublas.so.13.',
    'linux 6.18.44, x64; 2 × AMD EPYC, 4 GiB',
    'slerp-studio: 12.5 ms, 5e-7 from the CPU’s answer, and/or 3/4',
  ])('leaves text without paths or names unchanged: %s', (text) => {
    expect(hidePaths(text, owner)).toBe(text)
  })
})

describe('a problem report', () => {
  const parts = {
    about: { version: '1.2.3', parts: [{ name: 'Electron', version: '45.4.1' }] },
    system: ['linux 6.1, x64'],
    devices: [],
    preferences: {
      theme: 'dark',
      threads: 0,
      device: 'auto',
      precision: 'fp32',
      modelPath: secrets[2],
      server: { url: 'http://gpu-box:8000', model: 'unet', header: 'Authorization: Bearer s3cr3t' },
      modelFolders: [secrets[2]],
      invented: 'of a later version',
    } as never,
    log: `${Array.from({ length: 1000 }, (_, i) => `line ${i}.`).join('\n')}\nCannot open "${secrets[0]}".\n`,
    owner,
  }

  it('contains versions, settings and the end of the log, but no paths or names', () => {
    const text = writeDiagnostics(parts)
    for (const told of [
      'Slerp Studio 1.2.3',
      'Electron 45.4.1',
      'theme: "dark"',
      'model: another',
      'server: used',
      'line 999.',
    ]) {
      expect(text).toContain(told)
    }
    expect(text).not.toMatch(/secret|wedding|ada/i)
    expect(text).not.toContain('line 5.')
  })

  it('tells neither the server’s address and token nor a setting that it does not know', () => {
    expect(writeDiagnostics(parts)).not.toMatch(/s3cr3t|Bearer|gpu-box|later version/)
    const preferences = { ...(parts.preferences as object), server: null } as never
    expect(writeDiagnostics({ ...parts, preferences })).toContain('server: none')
  })
})
