import { DomainError } from '#core/DomainError'
import type { Command } from 'commander'
import { limits } from '#shared/limits'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { decodeSettingsOf } from '../diffusionOptions'
import { addOutputOptions, type OutputOptions } from '../outputOptions'
import { addPictureLatentOptions, type PictureLatentOptions } from '../pictureOptions'
import { somePaths, wholeNumber } from '../parsers'
import { latentSourceOf, stopsHelp } from '../stops'
import { addShardOption, type ShardOptions } from '../shards'

interface GridOptions extends PictureLatentOptions, OutputOptions, ShardOptions {
  output: string
  columns: number
  rows: number
}

/** `grid A B C D`: the paper's two-way interpolation between four pictures (appendix D.5). */
export function addGridCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('grid')
    .description('interpolate in two directions between four pictures')
    .argument('<corners...>', `top left, top right, bottom left, bottom right, each ${stopsHelp}`, somePaths)
    .option('--columns <count>', 'pictures across', wholeNumber(limits.gridSide), 8)
    .option('--rows <count>', 'pictures down', wholeNumber(limits.gridSide), 8)
  addPictureLatentOptions(addOutputOptions(addShardOption(command), 'grid.png')).action(
    (paths: string[], options: GridOptions) => {
      if (paths.length !== 4) {
        throw new DomainError(
          `A grid needs four pictures, not ${paths.length}: name those of its corners, top left, top right, bottom left and bottom right.`,
        )
      }
      const corners = paths.map((path) => latentSourceOf(path, options))
      return runExport(installation, options, () => ({
        plan: { kind: 'grid', corners, columns: options.columns, rows: options.rows },
        output: options.output,
        decode: decodeSettingsOf(options),
      }))
    },
  )
}
