import { nfe } from '#core/diffusion/cost'
import type { TrajectorySettings } from '#core/diffusion/settings'
import { psnrOf } from '#core/diffusion/fidelity'
import { meanOf } from '#core/numbers/mean'
import type { ModelSource } from '#shared/modelSource'
import { presetKindOf } from '#shared/bundledModels'
import { presetsFor, type Preset } from '#shared/presets'
import type { EngineCall } from '../../src/cli/engineCall'
import { say } from '../../src/cli/terminal'
import { markdownTable, scientific } from './tables'

/** A preset of latent models, and what it measured on pictures. */
export interface MeasuredPreset {
  readonly preset: Preset
  /** Mean squared error of the inversion alone, of each picture, on [0, 1]. */
  readonly inversion: readonly number[]
  /** Mean squared error with the autoencoder's, of each picture, on [0, 1]. */
  readonly together: readonly number[]
  /** Mean squared error of the autoencoder alone, of each picture, on [0, 1]. */
  readonly autoencoder: readonly number[]
  /** Standard deviation of each x_T. */
  readonly stds: readonly number[]
}

/** Encodes and decodes pictures with each preset of latent models, as a user does: one at a time. */
export async function measurePresets(
  call: EngineCall,
  model: ModelSource,
  pictures: readonly string[],
): Promise<MeasuredPreset[]> {
  const measured: MeasuredPreset[] = []
  const info = await call('model.info', { model })
  for (const preset of presetsFor(presetKindOf(info))) {
    say(`${preset.name}: ${pictures.length} pictures`)
    const { encode, decode } = preset
    const [autoencoder, inversion, together, stds]: number[][] = [[], [], [], []]
    for (const path of pictures) {
      const { fidelity, fidelityParts, health } = await call('latent.encode', {
        model,
        picture: { path },
        encode,
        decode,
      })
      autoencoder.push(fidelityParts!.autoencoder.mse)
      inversion.push(fidelityParts!.inversion.mse)
      together.push(fidelity!.mse)
      stds.push(health.std)
    }
    measured.push({ preset, autoencoder, inversion, together, stds })
  }
  return measured
}

const costOf = (settings: TrajectorySettings) => nfe({ ...settings, cleanTimestep: -1 })

/** One row for each preset. Every PSNR is a mean over the pictures, and the worst is that of one of them. */
export function presetTable(measured: readonly MeasuredPreset[]): string {
  const rows = measured.map(({ preset: { name, encode, decode }, inversion, together, stds }) => {
    const [alone, both] = [inversion, together].map((errors) => errors.map((mse) => psnrOf(mse)))
    return [
      `${name}: ${encode.solver}`,
      `${costOf(encode).encode} + ${costOf(decode).decode}`,
      scientific(meanOf(inversion)),
      meanOf(alone).toFixed(1),
      meanOf(both).toFixed(1),
      Math.min(...both).toFixed(1),
      meanOf(stds).toFixed(3),
    ]
  })
  const heading = [
    'preset',
    'evaluations',
    'inversion, MSE',
    'PSNR, dB',
    'together, dB',
    'worst',
    'std of x_T',
  ]
  return markdownTable([heading, ...rows])
}
