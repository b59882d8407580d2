import type { Command } from 'commander'
import { sigmaOf, variancePreserving } from '#core/diffusion/noiseLevel'
import type { ModelInfo } from '#shared/reports'
import { withEngine } from './engineCall'
import { bundledModelName } from '#files/installation'
import { locateModel, type Installation } from './installation'
import { somePath } from './parsers'
import { printResult } from './terminal'

/** `info MODEL`: what a model is, without loading it. */
export function addInfoCommand(program: Command, installation: Installation): void {
  program
    .command('info')
    .description('tell what a model is')
    .argument(
      '[model]',
      'diffusers folder, .onnx graph, or the name of a bundled model',
      somePath,
      bundledModelName,
    )
    .option('--json', 'print one JSON object on stdout')
    .action((model: string, { json = false }: { json?: boolean }) =>
      withEngine(installation, async (call) => {
        const info = await call('model.info', { model: { path: locateModel(installation, model) } })
        const {
          id,
          parameters,
          picture,
          predictionType,
          numTrainTimesteps,
          betaSchedule,
          defaultEndTimestep,
        } = info
        printResult(json, { ok: true, ...info }, [
          `${id}: ${(parameters / 1e6).toFixed(2)} M parameters, ${picture.channels}×${picture.height}×${picture.width}, licence ${info.licence ?? 'not given'}`,
          ...describeAutoencoder(info),
          ...(info.classes === null ? [] : [`class-conditional: --class takes 0 to ${info.classes - 1}`]),
          `predicts ${predictionType}, T = ${numTrainTimesteps}, ${betaSchedule} betas`,
          `latents end at timestep ${defaultEndTimestep} (sigma ${sigmaAt(info, defaultEndTimestep)}): --end chooses another`,
          `SHA-256 ${info.sha256}`,
          ...(info.hub === null ? [] : [`from ${info.hub.repository} of the hub, commit ${info.hub.commit}`]),
          ...info.warnings.map((warning) => `Warning: ${warning}`),
          '',
          info.card.trim(),
        ])
      }),
    )
}

function describeAutoencoder({ autoencoder, state }: ModelInfo): string[] {
  if (autoencoder === null) return []
  const { className, parameters } = autoencoder
  const size = `${state.channels}×${state.height}×${state.width}`
  return [
    `latent diffusion: states of ${size} by its ${className} (${(parameters / 1e6).toFixed(2)} M parameters)`,
  ]
}

function sigmaAt({ alphasCumprod }: ModelInfo, timestep: number): string {
  return sigmaOf(variancePreserving(alphasCumprod[timestep])).toPrecision(3)
}
