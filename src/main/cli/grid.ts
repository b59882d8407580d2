import type { Command } from 'commander'
import { runExport } from './export'
import type { Installation } from './installation'
import {
  addCommonOptions,
  addPictureLatentOptions,
  addOutputOptions,
  latentSourceOf,
  wholeNumber,
  type AnimationOptions,
  type CommonOptions,
  type PictureLatentOptions,
} from './options'

interface GridOptions extends CommonOptions, PictureLatentOptions, AnimationOptions {
  output: string
  columns: number
  rows: number
}

/** `grid A B C D`: the paper's two-way interpolation between four pictures (appendix D.5). */
export function addGridCommand(program: Command, installation: Installation): void {
  const command = program
    .command('grid')
    .description('interpolate two ways between four pictures')
    .argument('<topLeft>', 'picture, or latent file')
    .argument('<topRight>')
    .argument('<bottomLeft>')
    .argument('<bottomRight>')
    .option('--columns <count>', 'pictures across', wholeNumber(2, 100), 8)
    .option('--rows <count>', 'pictures down', wholeNumber(2, 100), 8)
  addOutputOptions(addPictureLatentOptions(addCommonOptions(command)), 'grid.png').action(
    (a: string, b: string, c: string, d: string, options: GridOptions) =>
      runExport(installation, options, () => ({
        plan: {
          kind: 'grid',
          corners: [a, b, c, d].map((path) => latentSourceOf(path, options)),
          columns: options.columns,
          rows: options.rows,
        },
        output: options.output,
      })),
  )
}
