import type { Session } from '#shared/app'
import type { TimestepSpacing, SolverId } from '#shared/settings'

/** An option of a setting, with what it means in one plain sentence. */
export interface Explained<Value> {
  readonly value: Value
  readonly label: string
  /** What it is called where many stand side by side. */
  readonly short?: string
  readonly explanation: string
}

/** What happens at the end of the film. */
export const loopOptions: readonly { value: Session['loop']; label: string }[] = [
  { value: 'once', label: 'Once' },
  { value: 'loop', label: 'Loop' },
  { value: 'pingPong', label: 'Ping-pong' },
]

/** The solvers, simplest first. */
export const solverOptions: readonly Explained<SolverId>[] = [
  {
    value: 'ddim',
    label: 'DDIM',
    explanation: 'First order, the paper’s own. Needs many steps to come back.',
  },
  {
    value: 'ab2',
    label: 'Adams–Bashforth 2',
    short: 'AB2',
    explanation: 'Second order: reuses the step before at no extra cost.',
  },
  { value: '2m', label: '2M', explanation: 'Second order in log-SNR: the most faithful for its price.' },
  {
    value: 'dpm++2m',
    label: 'DPM-Solver++ 2M',
    short: 'DPM++ 2M',
    explanation: 'Second order on the predicted picture, well known.',
  },
  { value: 'heun', label: 'Heun', explanation: 'Looks ahead at each step: steadier, twice the price.' },
  {
    value: 'fixedPoint',
    label: 'Fixed point',
    explanation: 'Solves each step backwards by repetition. Slow.',
  },
  {
    value: 'leapfrog',
    label: 'Leapfrog',
    explanation: 'Exactly reversible: keeps two states, so the picture comes back to the last digit.',
  },
  { value: 'plms', label: 'PLMS', explanation: 'Fourth order in time, as in diffusers, for comparison.' },
]

/** Where steps are placed in the noise schedule. */
export const nodeOptions: readonly Explained<TimestepSpacing>[] = [
  { value: 'linear', label: 'Linear', explanation: 'Evenly in time. Latents may come out too quiet.' },
  {
    value: 'quadratic',
    label: 'Quadratic',
    explanation: 'Denser at low noise, as the paper did for small pictures.',
  },
  {
    value: 'logSnr',
    label: 'Log-SNR',
    explanation: 'Evenly in signal-to-noise: steps go where the picture forms.',
  },
  {
    value: 'karras',
    label: 'Karras',
    explanation: 'Between linear and log-SNR: what brings pictures back best on the bundled model.',
  },
  { value: 'leading', label: 'Leading', explanation: 'As in diffusers, for comparison.' },
  { value: 'trailing', label: 'Trailing', explanation: 'As in diffusers, for comparison.' },
  { value: 'linspace', label: 'Linspace', explanation: 'As in diffusers, for comparison.' },
]

/** What steps, eta and the terminal timestep do. */
export const stepsExplanation = 'More steps follow the path closer and cost as much more time.'
export const etaExplanation =
  'Fresh noise while decoding. 0 brings the same picture back every time; above 0 it drifts to new ones.'
export const depthExplanation =
  'How far into the noise pictures go. Short of the end they come back more truly, and mix more like a cross-fade.'
