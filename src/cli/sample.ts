import type { Command } from 'commander'
import { limits } from '#shared/limits'
import { runExport } from './export'
import type { Installation } from './installation'
import { addCommonOptions, addOutputOptions, type AnimationOptions, type CommonOptions } from './options'
import { wholeNumber } from './parsers'

interface SampleOptions extends CommonOptions, AnimationOptions {
  output: string
  count: number
}

/** `sample`: pictures out of nothing but seeds. */
export function addSampleCommand(program: Command, installation: Installation): void {
  const command = program
    .command('sample')
    .description('decode Gaussian latents of consecutive seeds')
    .option('--count <number>', 'how many pictures', wholeNumber(limits.samples), 16)
  addOutputOptions(addCommonOptions(command), 'samples.png').action((options: SampleOptions) => {
    const latents = Array.from({ length: options.count }, (_, i) => ({
      kind: 'seed' as const,
      seed: options.seed + i,
      endTimestep: options.end,
      class: options.class,
    }))
    return runExport(installation, options, () => ({
      plan: { kind: 'list', latents },
      output: options.output,
    }))
  })
}
