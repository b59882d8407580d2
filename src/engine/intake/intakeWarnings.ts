import type { IntakeReport, ModelInfo } from '#shared/reports'

/** What each type of prediction is called in a sentence. */
const predictions: Readonly<Record<ModelInfo['predictionType'], string>> = {
  epsilon: 'the noise (epsilon)',
  v_prediction: 'the velocity (v_prediction)',
  flow_prediction: 'the velocity of flow matching (flow_prediction)',
  sample: 'the picture (sample)',
}

/** Answers in a batch may differ by rounding: by about a thousandth in float16. */
const largestBatchDifference = 0.02
/**
 * If the prediction for a flat picture of -0.8 is brighter than this, the network was probably trained on
 * pictures on [0, 1], in which nothing is below 0.
 */
const darkestOfUnitRange = -0.2

/**
 * Lists where the findings of the intake test disagree with the settings that the model is opened with, one
 * sentence each.
 */
export function intakeWarnings(
  info: Pick<ModelInfo, 'predictionType' | 'timestepScale' | 'numTrainTimesteps'>,
  found: Omit<IntakeReport, 'warnings' | 'seconds'>,
): string[] {
  const warnings: string[] = []
  const { predictionType, timestepScale, batchDifference, flatPictures } = found
  if (predictionType !== null && predictionType !== info.predictionType) {
    warnings.push(
      `The network’s output looks like ${predictions[predictionType]}, but the model is opened as one that predicts ${predictions[info.predictionType]}: latents and pictures will be wrong.`,
    )
  }
  if (timestepScale !== info.timestepScale) {
    const range = timestepScale === 1 ? `0 to ${info.numTrainTimesteps - 1}` : '0 to 1'
    warnings.push(
      `The network’s output fits far better with timesteps from ${range}: it was probably trained on those.`,
    )
  }
  if (batchDifference !== null && batchDifference > largestBatchDifference) {
    warnings.push(
      'The network’s output for a picture changes when the picture is in a batch: export the model again in evaluation mode, or decode in batches of 1.',
    )
  }
  if (flatPictures !== null && flatPictures[0] > darkestOfUnitRange && flatPictures[1] > 0.4) {
    warnings.push(
      'The network seems to have been trained on pictures from 0 (black) to 1 (white), but is given pictures from -1 to 1: results will be too bright. Export the model with that conversion inside.',
    )
  }
  return warnings
}
