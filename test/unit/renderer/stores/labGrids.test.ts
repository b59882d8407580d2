import { beforeEach, describe, expect, it } from 'vitest'
import { decodeSettings } from '#shared/settings'
import type { GridPart } from '../../../../src/renderer/lab/frameGridPlans'
import { useLabGrids } from '../../../../src/renderer/stores/labGrids'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { failure, installFakeStudio, modelInfo, type Call } from '../fakeStudio'

function part(seed: number, steps = 10): GridPart {
  const plan = { kind: 'list' as const, latents: [{ kind: 'seed' as const, seed }] }
  return { plan, indices: [0], decode: decodeSettings.parse({ steps }) }
}

let answer: (call: Call) => unknown
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  let drawn = 0
  answer = () => ({ frames: [new Uint8Array([++drawn])], seconds: 1 })
  studio = installFakeStudio({ 'animation.frames': (_input, call) => answer(call) })
  useModel().info = modelInfo
})

describe('drawing grid parts', () => {
  it('keys pictures by everything that determines them, and draws none twice', async () => {
    const drawing = useLabGrids()
    await drawing.draw([part(1), part(2)])
    await drawing.draw([part(1), part(2), part(1, 20)])
    expect(studio.calls).toHaveLength(3)
    expect(drawing.pictureOf(part(2), 0)).toEqual(new Uint8Array([2]))
    expect(drawing.pictureOf(part(1, 20), 0)).toEqual(new Uint8Array([3]))
    expect(drawing.pictureOf(part(2, 20), 0)).toBeNull()
    expect(drawing.progress).toBeNull()
  })

  it('shows no picture of another model', async () => {
    await useLabGrids().draw([part(1)])
    useModel().info = { ...modelInfo, sha256: 'another' }
    expect(useLabGrids().pictureOf(part(1), 0)).toBeNull()
  })

  it('shows no picture of another precision', async () => {
    await useLabGrids().draw([part(1)])
    usePreferences().precision = 'fp16'
    expect(useLabGrids().pictureOf(part(1), 0)).toBeNull()
  })

  it('stops when cancelled, keeps the pictures already drawn and shows no error', async () => {
    const drawing = useLabGrids()
    await drawing.draw([part(1)])
    answer = async ({ cancelled }) => {
      await cancelled
      throw failure('CANCELLED')
    }
    const drawn = drawing.draw([part(1), part(2), part(3)])
    drawing.cancel()
    await drawn
    expect(drawing.missing([part(1), part(2), part(3)])).toEqual([part(2), part(3)])
    expect(useNotices().notices).toEqual([])
  })
})
