import { ab2 } from './ab2'
import { blended2M } from './blended2M'
import { ddim } from './ddim'
import { dpmSolverPlusPlus2M } from './dpmSolverPlusPlus2M'
import { fixedPoint } from './fixedPoint'
import { heun } from './heun'
import { leapfrog } from './leapfrog'
import { midpoint } from './midpoint'
import { plms } from './plms'
import type { SolverRow, StepCount } from './solverRow'
import { twoM } from './twoM'
import { veEuler } from './veEuler'

const oncePerStep: StepCount = (steps) => steps
const onceMore: StepCount = (steps) => steps + 1
const onceMoreThanOne: StepCount = (steps) => (steps === 1 ? 1 : steps + 1)

/** What most solvers have in common. */
const usual = {
  nfe: { encode: oncePerStep, decode: oncePerStep },
  stochastic: false,
  conditioningTimesteps: ['current', 'next'],
  leastSteps: 1,
  isPair: false,
  diffusersLayout: 'none',
} as const satisfies Partial<SolverRow>

/**
 * The solvers, one row each, in the order in which they are listed everywhere. The command line, the window,
 * the Lab, charts and checks read these rows. To add a solver, write its file and add its row.
 */
export const solvers = [
  {
    ...usual,
    id: 'ddim',
    title: 'DDIM',
    shortName: 'DDIM',
    help: 'First order, the paper’s own. Needs many steps for a good reconstruction.',
    order: 1,
    stochastic: true,
    diffusersLayout: 'fixedStride',
    colour: { light: '#b26a00', dark: '#e69f00' },
    create: (predictEpsilon, { noise }) => ddim(predictEpsilon, noise),
  },
  {
    ...usual,
    id: 'ab2',
    title: 'Adams–Bashforth 2',
    shortName: 'AB2',
    help: 'Second order: reuses the prediction of the previous step at no extra cost.',
    order: 2,
    colour: { light: '#1b7cc0', dark: '#56b4e9' },
    create: ab2,
  },
  {
    ...usual,
    id: '2m',
    title: '2M',
    shortName: '2M',
    help: 'Second order in log-SNR: a far smaller error than DDIM’s at the same cost.',
    order: 2,
    colour: { light: '#00795a', dark: '#2fb891' },
    create: twoM,
  },
  {
    ...usual,
    id: 'blended2m',
    title: 'Blended 2M',
    shortName: 'Blended 2M',
    help: 'Second order: 2M averaged with DPM-Solver++ 2M where there is much noise. A smaller error at the same cost.',
    order: 2,
    colour: { light: '#8a2be2', dark: '#c58cff' },
    create: blended2M,
  },
  {
    ...usual,
    id: 'dpm++2m',
    title: 'DPM-Solver++ 2M',
    shortName: 'DPM++ 2M',
    help: 'Second order on the predicted picture; widely used for sampling.',
    order: 2,
    diffusersLayout: 'extraTimestep',
    colour: { light: '#7d7300', dark: '#f0e442' },
    create: dpmSolverPlusPlus2M,
  },
  {
    ...usual,
    id: 'heun',
    title: 'Heun',
    shortName: 'Heun',
    help: 'Second order: looks ahead at each step. Steadier, at twice the cost.',
    order: 2,
    // If the last decoding step leads off the grid, there is no epsilon to average with.
    nfe: { encode: (steps) => 2 * steps, decode: (steps, clean) => (clean < 0 ? 2 * steps - 1 : 2 * steps) },
    conditioningTimesteps: ['current'],
    colour: { light: '#b0417f', dark: '#cc79a7' },
    create: heun,
  },
  {
    ...usual,
    id: 'fixedPoint',
    title: 'Fixed point',
    shortName: 'Fixed point',
    help: 'First order: solves the implicit equation of each encoding step by iteration. Slow.',
    order: 1,
    nfe: { encode: (steps) => 4 * steps, decode: oncePerStep },
    conditioningTimesteps: ['current'],
    colour: { light: '#c44601', dark: '#e8743b' },
    create: fixedPoint,
  },
  {
    ...usual,
    id: 'leapfrog',
    title: 'Leapfrog',
    shortName: 'Leapfrog',
    help: 'Exactly reversible: keeps two states, so the picture is reconstructed to the last digit.',
    order: 2,
    nfe: { encode: oncePerStep, decode: (steps) => steps - 1 },
    conditioningTimesteps: ['current'],
    leastSteps: 2,
    isPair: true,
    colour: { light: '#4a4fc4', dark: '#8f96f5' },
    create: (predictEpsilon, { before }) => leapfrog(predictEpsilon, before),
  },
  {
    ...usual,
    id: 'plms',
    title: 'PLMS',
    shortName: 'PLMS',
    help: 'Multistep of up to four steps on timesteps evenly spaced in time, as in diffusers, for comparison.',
    order: 2,
    // The second step corrects the first.
    nfe: { encode: onceMoreThanOne, decode: onceMoreThanOne },
    diffusersLayout: 'fixedStride',
    colour: { light: '#5c5c5c', dark: '#b8b8b8' },
    create: plms,
  },
  {
    ...usual,
    id: 'veEuler',
    title: 'VE-ODE Euler',
    shortName: 'VE Euler',
    help: 'First order: Euler steps of the variance exploding ODE (eq. 15), for comparison with DDIM.',
    order: 1,
    colour: { light: '#7a4a21', dark: '#c49a6c' },
    create: veEuler,
  },
  {
    ...usual,
    id: 'midpoint',
    title: 'Midpoint',
    shortName: 'Midpoint',
    help: 'Second order: evaluates the network halfway through each step. Needs a network that accepts fractional timesteps.',
    order: 2,
    nfe: { encode: onceMore, decode: onceMore },
    conditioningTimesteps: ['current'],
    colour: { light: '#a5123f', dark: '#ff8fa3' },
    create: midpoint,
  },
] as const satisfies readonly SolverRow[]

/** Name of a solver on the command line and in files. */
export type SolverId = (typeof solvers)[number]['id']

/** The solver names, in the order of the rows. */
export const solverIds: readonly SolverId[] = solvers.map(({ id }) => id)

/** Returns the row of a solver. */
export function solverOf(id: SolverId): SolverRow {
  return solvers.find((row) => row.id === id)!
}
