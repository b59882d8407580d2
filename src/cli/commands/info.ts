import type { Command } from 'commander'
import type { ModelReading } from '#shared/modelSource'
import { describeHeaders, describeIntake, modelWarnings } from '../describeModel'
import { withEngine } from '../engineCall'
import { bundledModelName } from '#files/installation'
import { locateModel, type CommandEnvironment } from '../installation'
import { addReadingOptions } from '../modelOptions'
import { somePath } from '../parsers'
import { printResult } from '../terminal'

interface InfoOptions extends ModelReading {
  check: boolean
  json?: boolean
}

/** `info MODEL`: describes a model from its headers and from a few test evaluations. */
export function addInfoCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('info')
    .description('describe a model, and check whether its output agrees with its configuration')
    .argument(
      '[model]',
      'diffusers folder, .onnx graph, or the name of a bundled model',
      somePath,
      bundledModelName,
    )
    .option('--no-check', 'read only the headers, in less than a second')
    .option('--json', 'print one JSON object on stdout')
  addReadingOptions(command).action((name: string, options: InfoOptions) =>
    withEngine(installation, async (call) => {
      const { check, json = false, prediction, timestepScale } = options
      const path = locateModel(installation, name)
      // On the CPU: finding the fastest device takes longer and does not matter here.
      const model = { path, prediction, timestepScale, device: 'cpu' as const }
      if (!check) {
        const headers = await call('model.headers', { model })
        const warnings = headers.warnings.map((warning) => `Warning: ${warning}`)
        const lines = [...describeHeaders(headers), ...warnings, '', headers.card.trim()]
        return printResult(json, { ok: true, ...headers }, lines)
      }
      const checked = await call('model.check', { model })
      const { info, intake } = checked
      printResult(json, { ok: true, ...info, intake }, [
        ...describeHeaders(info),
        describeIntake(intake),
        `SHA-256 ${info.sha256}`,
        ...modelWarnings(checked),
        '',
        info.card.trim(),
      ])
    }),
  )
}
