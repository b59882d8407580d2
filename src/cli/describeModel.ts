import { formatBytes, formatDuration } from '#core/format/quantities'
import { sigmaOf, variancePreserving } from '#core/diffusion/noiseLevel'
import type { CheckedModel, IntakeReport, ModelHeaders, NetworkInput } from '#shared/reports'

/** Describes a model from its headers. */
export function describeHeaders(headers: ModelHeaders): string[] {
  const { id, parameters, picture, licence, classes, defaultEndTimestep, inputs, batch } = headers
  const last = headers.numTrainTimesteps - 1
  return [
    `${id}: ${(parameters / 1e6).toFixed(2)} M parameters, ${picture.channels}×${picture.height}×${picture.width}, licence ${licence ?? 'not given'}`,
    ...describeAutoencoder(headers),
    ...(classes === null ? [] : [`class-conditional: --class takes 0 to ${classes - 1}`]),
    ...(headers.takesPrompts ? ['text-conditional: takes --prompt, --source-prompt and --guidance'] : []),
    `predicts ${headers.predictionType}, T = ${headers.numTrainTimesteps}, ${headers.scheduleName}`,
    `latents end at timestep ${defaultEndTimestep} (sigma ${sigmaAt(headers, defaultEndTimestep)}): --end chooses another, up to ${last} (sigma ${sigmaAt(headers, last)})`,
    `inputs: ${inputs.map(describeInput).join(', ')}; ${batch === null ? 'batches of any size' : `batches of ${batch}`}`,
    ...(headers.hub === null
      ? []
      : [`from ${headers.hub.repository} of the hub, commit ${headers.hub.commit}`]),
    `weights in ${headers.weightTypes.join(', ') || 'no floating-point type'}; needs at least ${formatBytes(headers.memoryBytes)} of memory`,
  ]
}

function describeAutoencoder({ autoencoder, state }: ModelHeaders): string[] {
  if (autoencoder === null) return []
  const { className, parameters } = autoencoder
  const size = `${state.channels}×${state.height}×${state.width}`
  return [
    `latent diffusion: states of ${size} by its ${className} (${(parameters / 1e6).toFixed(2)} M parameters)`,
  ]
}

function describeInput({ role, name, type, shape }: NetworkInput): string {
  const sides = shape.map((side) => (side === '' ? '?' : side)).join(', ')
  return `${role} "${name}" ${type} [${sides}]`
}

function sigmaAt({ alphasCumprod }: ModelHeaders, timestep: number): string {
  return sigmaOf(variancePreserving(alphasCumprod[timestep])).toPrecision(3)
}

/** Describes the result of the intake test. */
export function describeIntake({
  predictionType,
  confidence,
  batchDifference,
  seconds,
}: IntakeReport): string {
  const prediction =
    predictionType === null
      ? 'its output does not show what it predicts, as is usual with latent diffusion and with random weights'
      : `its output looks like ${predictionType} (confidence ${Math.round(100 * confidence)}%)`
  const batch =
    batchDifference === null
      ? ''
      : `, a batch of 2 differs from 2 of 1 by ${batchDifference.toExponential(0)}`
  return `checked in ${formatDuration(seconds)}: ${prediction}${batch}`
}

/** Returns all warnings about a model, one sentence each, and the options that correct them. */
export function modelWarnings({ info, intake }: CheckedModel): string[] {
  const sentences = [...info.warnings, ...intake.warnings].map((warning) => `Warning: ${warning}`)
  const flags = flagsOf(info, intake)
  return flags === '' ? sentences : [...sentences, `To follow its output instead, add ${flags}.`]
}

function flagsOf(info: ModelHeaders, { predictionType, timestepScale }: IntakeReport): string {
  return [
    predictionType !== null && predictionType !== info.predictionType && `--prediction ${predictionType}`,
    timestepScale !== info.timestepScale && `--timestep-scale ${timestepScale}`,
  ]
    .filter(Boolean)
    .join(' ')
}
