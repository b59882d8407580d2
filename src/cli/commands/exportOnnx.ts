import { Option, type Command } from 'commander'
import { type Precision } from '#shared/devices'
import { withEngine } from '../engineCall'
import { locateModel, type CommandEnvironment } from '../installation'
import { outputPath, somePath } from '../parsers'
import { printResult } from '../terminal'

interface ExportOnnxOptions {
  to: string
  precision: Precision
  force?: boolean
  json?: boolean
}

/** `export-onnx MODEL`: exports a model as a model repository for NVIDIA Triton. */
export function addExportOnnxCommand(program: Command, installation: CommandEnvironment): void {
  program
    .command('export-onnx')
    .description('export a model as ONNX graphs in a model repository for NVIDIA Triton: see docs/serve.md')
    .argument('<model>', 'diffusers folder, or the name of a bundled model', somePath)
    .requiredOption('--to <repository>', 'a new folder', outputPath)
    .addOption(
      new Option('--precision <kind>', 'precision of the graphs').choices(['fp32', 'fp16']).default('fp32'),
    )
    .option('-f, --force', 'replace an existing repository')
    .option('--json', 'print one JSON object on stdout')
    .action((model: string, options: ExportOnnxOptions) => runExportOnnx(installation, model, options))
}

async function runExportOnnx(
  installation: CommandEnvironment,
  model: string,
  { to: folder, precision, force: overwrite = false, json = false }: ExportOnnxOptions,
): Promise<void> {
  const report = await withEngine(installation, (call) =>
    call('model.export', { model: { path: locateModel(installation, model) }, folder, precision, overwrite }),
  )
  printResult(json, { ok: true, ...report }, [
    ...report.models.map((name) => `${folder}/${name}/1/model.onnx`),
    `Serve it with: tritonserver --model-repository ${folder}`,
  ])
}
