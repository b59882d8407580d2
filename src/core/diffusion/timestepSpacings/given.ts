import { DomainError } from '../../DomainError'
import { cleanTimestep } from '../noiseSchedule'
import type { SpacingRequest } from './timestepSpacingRow'

/**
 * Returns the timesteps listed by the user, after checking them.
 *
 * @throws DomainError  when they are not whole and ascending within the schedule, or not as many as the steps
 */
export function givenTimesteps({ schedule, steps, listed = [] }: SpacingRequest): readonly number[] {
  const clean = cleanTimestep(schedule)
  const last = schedule.numTrainTimesteps - 1
  const wrong = listed.find((t, i) => !Number.isInteger(t) || t <= (listed[i - 1] ?? clean) || t > last)
  if (wrong !== undefined) {
    throw new DomainError(
      `The timestep ${wrong} is out of place: list whole timesteps from ${clean + 1} to ${last}, in ascending order.`,
    )
  }
  if (listed.length !== steps) {
    throw new DomainError(
      `The list has ${listed.length} timesteps, not ${steps}: as many steps as timesteps.`,
    )
  }
  return listed
}
