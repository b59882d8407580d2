import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { withEngine } from '../../../src/cli/engineCall'
import type { CommandEnvironment } from '../../../src/cli/installation'
import type { ModelSource } from '#shared/modelSource'
import { createMemoryEngine } from '../../fixtures/memoryEngine'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** An installation whose engine answers everything, and whose probes fail with `words`. */
function installationWhoseProbesSay(words: string): CommandEnvironment {
  const fork = (entry: string) => {
    const engine = createMemoryEngine(1)
    const send: typeof engine.port.send = (message) => {
      if (message.type !== 'request') return
      const error = { code: 'INTERNAL' as const, message: words }
      const result = entry === 'probe.js' ? { ok: false as const, error } : { ok: true as const, data: [] }
      queueMicrotask(() => engine.answer({ type: 'response', id: message.id, result }))
    }
    return { ...engine.port, send }
  }
  const places = { resources: '/', engineEntry: 'engine.js', probeEntry: 'probe.js' }
  return { ...places, fork } as unknown as CommandEnvironment
}

async function toldWith(words: string, chosen: Partial<ModelSource> = {}): Promise<string> {
  vi.stubEnv('XDG_CACHE_HOME', mkdtempSync(join(tmpdir(), 'calls-')))
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const model = { path: '/models/fruits', threads: 1, device: 'auto' as const, ...chosen }
  const latent = { kind: 'seed' as const, seed: 1 }
  await withEngine(installationWhoseProbesSay(words), async (call) => {
    await call('latent.info', { model, latent })
    await call('latent.info', { model, latent })
  })
  return write.mock.calls.map(([text]) => String(text)).join('')
}

it('says once on the terminal why --device auto takes the CPU although there is a card', async () => {
  const told = await toldWith('out of memory')
  expect(told).toContain('ran out of memory while it was checked')
  expect(told.trim().split('\n')).toHaveLength(1)
})

it.each([
  ['a card that is missing', { device: 'cuda' as const }, /CUDA/],
  [
    'a precision that the CPU does not have',
    { device: 'cpu' as const, precision: 'fp16' as const },
    /CPU computes in fp32/,
  ],
])(
  'says once that %s is not used, also if nothing is computed because the result is kept',
  async (_, chosen, words) => {
    const told = await toldWith('backend not found', chosen)
    expect(told).toMatch(words)
    expect(told.trim().split('\n')).toHaveLength(1)
  },
)

it('says nothing where there is no card', async () => {
  expect(await toldWith('backend not found')).toBe('')
})

it('says every outage of a server, also if the words are those of the last one', async () => {
  const engine = createMemoryEngine(1)
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const places = { resources: '/', engineEntry: 'engine.js', probeEntry: 'probe.js' }
  const installation = { ...places, fork: () => engine.port } as unknown as CommandEnvironment
  const words = ['does not answer', 'does not answer', 'answers again', 'does not answer', 'answers again']
  await withEngine(installation, async (call) => {
    const answer = call('picture.info', { path: 'x.png' })
    await expect.poll(() => engine.received.length).toBe(1)
    for (const sentence of words) engine.answer({ type: 'notice', sentence })
    const [{ id }] = engine.received
    engine.answer({ type: 'response', id, result: { ok: true, data: {} } })
    await answer
  })
  const told = write.mock.calls.map(([text]) => String(text)).join('')
  // Two evaluations noticed the first outage at the same time.
  expect(told.trim().split('\n')).toEqual(words.slice(1))
})
