import type { Command } from 'commander'
import { isVerified, type LatentVerified, type ProjectOpened, type ProjectVerified } from '#shared/project'
import type { ModelSource } from '#shared/modelSource'
import { withEngine } from './engineCall'
import { exitCodeOf } from './exitCodes'
import type { Installation } from './installation'
import { addModelOptions, modelOf, type ModelOptions } from './modelOptions'
import { describeCompute } from './output'
import { somePath } from './parsers'
import { explainDefault } from './explainDefault'
import { modelFor, readProject, unpackFolder } from './projectFile'
import { alignColumns, printResult } from './terminal'

/** `project verify`: checks that the latents of a project are what its pictures encode to. */
export function addVerifyCommand(project: Command, installation: Installation): void {
  const command = project
    .command('verify')
    .description(
      'encode the pictures of a project again and compare the results with its stored latents: bit for bit on the machine and device that computed them, within a tolerance elsewhere',
    )
    .argument('<project>', 'project file', somePath)
  addModelOptions(command).action((path: string, options: ModelOptions & { json?: boolean }) =>
    withEngine(installation, async (call) => {
      const opened = await readProject(call, path)
      const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
      const model = {
        ...modelLike(installation, opened),
        ...pickGiven(modelOf(installation, options), given),
      }
      const report = await call('project.verify', { path, unpackTo: unpackFolder(), model })
      const ok = isVerified(report)
      printResult(options.json ?? false, { ok, ...report }, describe(report))
      if (!ok) process.exitCode = exitCodeOf({ code: 'BAD_PROJECT', message: '' })
    }),
  )
  explainDefault(command, '--model', 'that of the project')
  for (const flag of ['--device', '--precision', '--threads'])
    explainDefault(command, flag, 'what computed the project')
}

/** The project's model on the device that computed its latents: only there can results be bit-identical. */
function modelLike(installation: Installation, { document, computes }: ProjectOpened): ModelSource {
  const model = { ...modelFor(installation, document), projectResults: undefined }
  if (computes.length === 0) return model
  const { provider, precision, threads } = computes[0]
  const device = provider === 'server' ? ('auto' as const) : provider
  return { ...model, device, precision, ...(provider === 'cpu' && { threads }) }
}

/** Returns the fields of a model that were given on the command line and override those of the project. */
function pickGiven(
  { path, ...source }: ModelSource,
  given: (option: string) => boolean,
): Partial<ModelSource> {
  const named = Object.entries(source).filter(([name]) => given(name))
  return { ...Object.fromEntries(named), ...(given('model') && { path }) }
}

const verdicts: Readonly<Record<LatentVerified['verdict'], string>> = {
  identical: 'the same to the bit',
  within: 'within the tolerance',
  different: 'DIFFERENT',
  notKept: 'no latent kept under these settings',
  pictureMissing: 'picture missing: not compared',
}

function describe(report: ProjectVerified): string[] {
  const { damaged, latents } = report
  const rows = latents.map(({ name, verdict, difference, tolerance, compute }) => [
    name,
    verdicts[verdict],
    difference ? `${difference.toExponential(1)} of ${tolerance!.toExponential(0)} allowed` : '',
    compute === null ? '' : describeCompute(compute),
  ])
  return [
    ...damaged.map((part) => `The part "${part}" differs from what was saved.`),
    ...(rows.length > 0 ? alignColumns(rows) : ['It has no pictures.']),
    isVerified(report)
      ? 'Nothing disagrees.'
      : 'The stored latents differ from what the pictures encode to: see above.',
  ]
}
