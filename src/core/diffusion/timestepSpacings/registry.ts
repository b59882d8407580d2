import { diffusersTimesteps } from '../diffusersTimesteps'
import { evenTimesteps, karrasCoordinate, logSnrCoordinate } from './even'
import { givenTimesteps } from './given'
import { officialQuadTimesteps } from './officialQuad'
import { powerTimesteps } from './power'
import type { TimestepSpacingRow } from './timestepSpacingRow'

/** The paper's spacings and our own end at any requested timestep. */
const free = { isDiffusers: false, hasFreeEnd: true, takesTimesteps: false } as const

/** The timesteps of diffusers' schedulers, which end where diffusers ends: see {@link diffusersTimesteps}. */
const diffusers = {
  isDiffusers: true,
  hasFreeEnd: false,
  takesTimesteps: false,
  help: 'As in diffusers, for comparison.',
} as const

/**
 * The timestep spacings, one row each, in the order in which they are listed everywhere. The command line,
 * the window, the Lab, charts and checks read these rows. To add a spacing, write how it chooses its
 * timesteps and add its row.
 */
export const timestepSpacings = [
  {
    ...free,
    id: 'linear',
    title: 'Linear',
    help: 'Evenly in time (appendix D.2, rounded where it takes the floor). The standard deviation of latents may come out too small.',
    dash: [7, 4],
    marker: 'circle',
    choose: powerTimesteps(1),
  },
  {
    ...free,
    id: 'quadratic',
    title: 'Quadratic',
    help: 'Denser at low noise, as the paper did for small pictures (appendix D.2, rounded where it takes the floor).',
    dash: [2, 3],
    marker: 'square',
    choose: powerTimesteps(2),
  },
  {
    ...free,
    id: 'logSnr',
    title: 'Log-SNR',
    help: 'Evenly in signal-to-noise: steps go where the picture forms.',
    dash: [10, 3, 2, 3],
    marker: 'triangle',
    choose: evenTimesteps(logSnrCoordinate),
  },
  {
    ...free,
    id: 'karras',
    title: 'Karras',
    help: 'Between linear and log-SNR: the best reconstructions on the bundled models.',
    dash: [],
    marker: 'diamond',
    choose: evenTimesteps(karrasCoordinate),
  },
  {
    ...diffusers,
    id: 'leading',
    title: 'Leading',
    dash: [9, 3],
    marker: 'circle',
    choose: (request) => diffusersTimesteps('leading', request),
  },
  {
    ...diffusers,
    id: 'trailing',
    title: 'Trailing',
    dash: [5, 3, 1.5, 3, 1.5, 3],
    marker: 'square',
    choose: (request) => diffusersTimesteps('trailing', request),
  },
  {
    ...diffusers,
    id: 'linspace',
    title: 'Linspace',
    dash: [2, 2, 6, 2],
    marker: 'triangle',
    choose: (request) => diffusersTimesteps('linspace', request),
  },
  {
    id: 'officialQuad',
    title: 'Quad (authors’ code)',
    help: 'Quadratic from 0 to 0.8 T, as in the code of the paper’s authors, for comparison.',
    isDiffusers: false,
    hasFreeEnd: false,
    takesTimesteps: false,
    dash: [4, 4, 12, 4],
    marker: 'square',
    choose: officialQuadTimesteps,
  },
  {
    id: 'given',
    title: 'Given',
    help: 'The timesteps that you list.',
    isDiffusers: false,
    hasFreeEnd: false,
    takesTimesteps: true,
    dash: [12, 3],
    marker: 'diamond',
    choose: givenTimesteps,
  },
] as const satisfies readonly TimestepSpacingRow[]

/** Name of a timestep spacing on the command line and in files. */
export type TimestepSpacing = (typeof timestepSpacings)[number]['id']

/** The spacing names, in the order of the rows. */
export const timestepSpacingIds: readonly TimestepSpacing[] = timestepSpacings.map(({ id }) => id)

/** Returns the row of a timestep spacing. */
export function timestepSpacingOf(id: TimestepSpacing): TimestepSpacingRow {
  return timestepSpacings.find((row) => row.id === id)!
}
