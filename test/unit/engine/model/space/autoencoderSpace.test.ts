import { describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { StudioError } from '#shared/errors'
import type { Network } from '#engine/model/network/Network'
import { Turns, undisputed } from '#engine/model/network/Turns'
import { autoencoderSpace } from '#engine/model/space/autoencoderSpace'

/** A network that returns only zeros, and logs when it is evaluated and closed. */
function recorded(name: string, log: string[]): Network {
  return {
    outputChannels: 1,
    sliceOf: (batch) => batch,
    groupOf: (batch) => batch,
    evaluate: async () => void log.push(`${name} evaluated`),
    deviceFailure: () => null,
    close: async () => void log.push(`${name} closed`),
  }
}

async function useOf({ keepsBoth }: { keepsBoth: boolean }): Promise<string[]> {
  const log: string[] = []
  const shape = [1, 2, 2] as const
  const space = autoencoderSpace({
    model: { id: 'a model' },
    encoder: recorded('encoder', log),
    decoder: recorded('decoder', log),
    turns: new Turns(),
    pictureShape: shape,
    stateShape: shape,
    tile: null,
    keepsBoth,
  })
  await space.encode(createTensor([1, ...shape]), undisputed)
  await space.decode(createTensor([1, ...shape]), undisputed)
  return log
}

describe('the space of an autoencoder', () => {
  it.each<[size: number, code: string]>([
    [1e30, 'NOT_FINITE'],
    [3, 'DEVICE_FAILED'],
  ])(
    'blames its device for NaN only if the state is no cause: %f (would catch a card given up for a bad file)',
    async (size, code) => {
      const shape = [1, 2, 2] as const
      const overflowing: Network = {
        ...recorded('decoder', []),
        evaluate: async (_, out) => void out.data.fill(NaN),
        deviceFailure: (what) => new StudioError('DEVICE_FAILED', what),
      }
      const space = autoencoderSpace({
        model: { id: 'a model' },
        encoder: recorded('encoder', []),
        decoder: overflowing,
        turns: new Turns(),
        pictureShape: shape,
        stateShape: shape,
        tile: null,
        keepsBoth: true,
      })
      const state = createTensor([1, ...shape], new Float32Array(4).fill(size))
      await expect(space.decode(state, undisputed)).rejects.toMatchObject({ code })
    },
  )

  it('closes the unused network before using the other if both need too much memory (would catch both kept open)', async () => {
    expect(await useOf({ keepsBoth: false })).toEqual([
      'decoder closed',
      'encoder evaluated',
      'encoder closed',
      'decoder evaluated',
    ])
  })

  it('keeps both networks open if they are small (would catch a network reopened for each picture)', async () => {
    expect(await useOf({ keepsBoth: true })).toEqual(['encoder evaluated', 'decoder evaluated'])
  })
})
