import type { Command } from 'commander'
import type { Repeat } from '#core/timeline/playOrder'
import type { StudioDocument } from '#shared/document'
import { forModel, planOf } from '#shared/documentLatents'
import { StudioError } from '#shared/errors'
import { repeatIn } from '#shared/exportFormats'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { addModelOptions, modelOf, type ModelOptions } from '../modelOptions'
import { explainDefault } from '../explainDefault'
import { addOutputOptions, formatOf, namedRepeat, type OutputOptions } from '../outputOptions'
import { somePath } from '../parsers'
import { readProject } from '../projectFile'
import { modelToRender } from '../projectModel'
import { addShardOption, type ShardOptions } from '../shards'

interface RenderOptions extends ModelOptions, OutputOptions, ShardOptions {
  output: string
  whole?: boolean
}

/** `render`: renders the film of a project, without the window. */
export function addRenderCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('render')
    .description('render the film of a project')
    .argument('<project>', 'project file', somePath)
    .option('--whole', 'render the whole film, not only its work area')
  addModelOptions(addOutputOptions(addShardOption(command), 'film.mp4')).action(
    (path: string, options: RenderOptions) =>
      runExport(installation, options, async (call) => {
        const opened = await readProject(call, path)
        const { document } = opened
        const isNamed = (option: keyof RenderOptions): boolean =>
          command.getOptionValueSource(option) !== 'default'
        const model = await modelToRender(call, installation, opened, {
          asked: modelOf(installation, options),
          namesModel: isNamed('model'),
        })
        const plan = planOf(forModel(document, await call('model.headers', { model })))
        if (!plan) {
          const sentence = `The film of "${path}" has fewer than two stops, or a stop without a latent: open it in the window.`
          throw new StudioError('BAD_INPUT', sentence, { path })
        }
        return {
          plan,
          output: options.output,
          decode: document.decode,
          model,
          fps: isNamed('fps') ? options.fps : document.timeline.fps,
          repeat: namedRepeat(command) ?? ownRepeat(document, options),
          range: options.whole ? undefined : (document.timeline.workArea ?? undefined),
        }
      }),
  )
  for (const flag of ['--fps', '--repeat', '--model']) explainDefault(command, flag, 'that of the project')
}

/** Returns how the film of a project repeats in the output. Shards make no output: `merge` does. */
function ownRepeat({ timeline: { repeat } }: StudioDocument, options: RenderOptions): Repeat {
  return options.shard ? repeat : repeatIn(formatOf(options.output, options), repeat)
}
