import { expect, it } from 'vitest'
import { batchOf, decodeAll, encodeAll, gaussianEpsilon, schedule } from '../closedForm'

it('midpoint evaluates the network once at the start, then halfway through each step (would catch a midpoint at the end of a step)', async () => {
  const predict = gaussianEpsilon(schedule)
  const asked: number[] = []
  const watched: typeof predict = (x, timestep, out) => {
    asked.push(timestep)
    return predict(x, timestep, out)
  }
  const settings = {
    solver: 'midpoint',
    timestepSpacing: 'given',
    timesteps: [10, 101, 500],
    steps: 3,
  } as const
  const latent = await encodeAll(batchOf([0.3]), settings, schedule, watched)
  // The clean picture is at -1, and is shown to the network as timestep 0.
  expect(asked).toEqual([0, 4.5, 55.5, 300.5])
  asked.length = 0
  await decodeAll(latent, settings, schedule, watched)
  expect(asked).toEqual([500, 300.5, 55.5, 4.5])
})
