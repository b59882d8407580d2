import type { Command } from 'commander'
import { formatDuration } from '#core/format/quantities'
import type { DistanceReport } from '#shared/distance'
import { StudioError } from '#shared/errors'
import { withEngine } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import { requireBeside } from '../optionNeeds'
import { numberPair, outputPath, somePath, wholeNumber } from '../parsers'
import { alignColumns, printResult } from '../terminal'

interface DistanceOptions {
  features?: string
  featureRange: [number, number]
  featureSize?: number
  saveStatistics?: string
  force?: boolean
  json?: boolean
}

/** `distance A B`: how far apart two folders of pictures are. */
export function addDistanceCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('distance')
    .description('measure the distance between two folders of pictures: A holds real ones, B generated ones')
    .argument('<a>', 'folder of pictures, or, with --features, statistics in .npz', somePath)
    .argument('<b>', 'the same', somePath)
    .option(
      '--features <network>',
      'feature network, an .onnx graph [N, 3, H, W] -> [N, D]: Fréchet and kernel distance, precision and recall of its features (default: sliced Wasserstein distances of pixels and textures)',
      somePath,
    )
    .option(
      '--feature-range <black,white>',
      'values that the network expects for black and white',
      numberPair,
      [-1, 1],
    )
    .option(
      '--feature-size <pixels>',
      'side of the network’s input pictures (default: what the graph says)',
      wholeNumber({ min: 1, max: 4096 }),
    )
    .option(
      '--save-statistics <file>',
      'save the mean and covariance of A as .npz, to use instead of A later',
      outputPath,
    )
    .option('-f, --force', 'overwrite the file of statistics')
    .option('--json', 'print one JSON object on stdout')
  requireBeside<DistanceOptions>(
    command,
    ['featureRange', 'featureSize'],
    '--features',
    ({ features }) => features !== undefined,
  )
  requireBeside<DistanceOptions>(
    command,
    ['force'],
    '--save-statistics',
    ({ saveStatistics }) => saveStatistics !== undefined,
  )
  command.action((a: string, b: string, options: DistanceOptions) =>
    runDistance(installation, { a, b }, options),
  )
}

async function runDistance(
  installation: CommandEnvironment,
  sides: { a: string; b: string },
  options: DistanceOptions,
): Promise<void> {
  const { features: path, featureRange: range, featureSize: side, json = false } = options
  const { saveStatistics, force: overwrite = false } = options
  if (saveStatistics !== undefined && path === undefined) {
    throw new StudioError(
      'BAD_INPUT',
      '--save-statistics saves statistics of features: give a network with --features.',
    )
  }
  const features = path === undefined ? undefined : { path, range, side }
  const report = await withEngine(installation, (call) =>
    call('distance.measure', { ...sides, features, saveStatistics, overwrite }),
  )
  printResult(json, { ok: true, ...report }, describe(report))
}

function describe({ pictures, features, slices, seconds }: DistanceReport): string[] {
  const count = (side: number | null) => (side === null ? 'statistics' : `${side} pictures`)
  const heading = `${count(pictures.a)} and ${count(pictures.b)}, ${formatDuration(seconds)}`
  const known = (name: string, value: number | null): string[][] =>
    value === null ? [] : [[name, value.toPrecision(6)]]
  const rows = [
    ...(features
      ? [
          ...known('Fréchet distance', features.frechet),
          ...known('kernel distance', features.kernel),
          ...known('precision', features.precision),
          ...known('recall', features.recall),
        ]
      : []),
    ...(slices
      ? [
          ...known('sliced Wasserstein, pixels', slices.pixels),
          ...known('sliced Wasserstein, textures', slices.pyramid),
          ...slices.levels.flatMap(({ side, distance }) => known(`  at ${side} pixels`, distance)),
        ]
      : []),
  ]
  return [heading, ...alignColumns(rows)]
}
