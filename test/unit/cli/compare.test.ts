import { expect, it } from 'vitest'
import type { DeviceChoice } from '#shared/devices'
import { compareWithCpu } from '../../../src/cli/commands/compare'
import type { EngineCall } from '../../../src/cli/engineCall'
import { nodeEnvironment } from '../../../src/cli/installation'
import type { PictureLatentOptions } from '../../../src/cli/pictureOptions'
import { sampleReport } from '../engine/latent/sampleLatent'

/** Compares with or without a working card; also returns the devices the engine was asked for. */
async function compare(device: DeviceChoice, hasCard: boolean, server?: string) {
  const servers: (string | undefined)[] = []
  const asked: (DeviceChoice | undefined)[] = []
  const answer: EngineCall = async (route, input) => {
    if (route === 'latent.difference') return 0.25 as never
    const { model } = input as { model: { device: DeviceChoice; server?: { url: string } } }
    asked.push(model.device)
    servers.push(model.server?.url)
    const local = model.device === 'cpu' || !hasCard ? 'cpu' : 'cuda'
    const provider = model.server ? 'server' : local
    const whole = { parts: 1, askedPrecision: 'fp32', precision: 'fp32', reason: null } as const
    const compute = { ...sampleReport.compute!, ...whole, asked: model.device, provider } as const
    return { ...sampleReport, compute } as never
  }
  const options = {
    model: 'm',
    threads: 0,
    device,
    precision: 'fp32',
    steps: 2,
    server,
  } as PictureLatentOptions
  const result = await compareWithCpu(answer, nodeEnvironment(), ['a.png'], options).catch(
    (error: unknown) => error,
  )
  return { asked, servers, result }
}

it.each(['cpu', 'auto'] as const)(
  'refuses to compare the CPU with itself when --device is %s (would catch a difference of 0 accepted as proof)',
  async (device) => {
    const { asked, result } = await compare(device, device === 'cpu')
    expect(result).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/nothing to compare.*choose another device/),
    })
    expect(asked).toEqual([device])
  },
)

it('compares a graphics card with the CPU (would catch the CPU being refused as the reference)', async () => {
  const { asked, result } = await compare('cuda', true)
  expect(asked).toEqual(['cuda', 'cpu'])
  expect(result).toMatchObject({
    pictures: 1,
    differences: [0.25],
    device: { compute: { provider: 'cuda' } },
  })
})

it('compares a server with the CPU of this machine (would catch the server compared with itself)', async () => {
  const { servers, result } = await compare('auto', false, 'http://host:8000')
  expect(servers).toEqual(['http://host:8000', undefined])
  expect(result).toMatchObject({
    cpu: { compute: { provider: 'cpu' } },
    device: { compute: { provider: 'server' } },
  })
})
