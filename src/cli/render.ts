import type { Command } from 'commander'
import { planOf } from '#shared/documentLatents'
import { StudioError } from '#shared/errors'
import { withEngine } from './engineCall'
import { callExport } from './export'
import type { Installation } from './installation'
import { addOutputOptions, type AnimationOptions } from './options'
import { describeExport, exportTargetOf } from './output'
import { somePath } from './parsers'
import { modelFor, readProject } from './projectFile'
import { printResult } from './terminal'

interface RenderOptions extends AnimationOptions {
  output: string
  json?: boolean
}

/** `render`: the film of a project, without the window. */
export function addRenderCommand(program: Command, installation: Installation): void {
  const command = program
    .command('render')
    .description('write the film of a project')
    .argument('<project>', 'project file', somePath)
    .option('--json', 'print one JSON object on stdout')
  addOutputOptions(command, 'film.mp4').action((path: string, options: RenderOptions) =>
    withEngine(installation, async (call) => {
      const { document } = await readProject(call, path)
      const plan = planOf(document)
      if (!plan) {
        const sentence = `The film of "${path}" has fewer than two stops, or one without a latent: open it in the window.`
        throw new StudioError('BAD_INPUT', sentence, { path })
      }
      const target = exportTargetOf(options.output, { ...options, fps: document.timeline.fps })
      const { decode } = document
      const report = await callExport(call, {
        model: modelFor(installation, document),
        plan,
        decode,
        target,
      })
      printResult(options.json ?? false, { ok: true, ...report }, describeExport(report))
    }),
  )
}
