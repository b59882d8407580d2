import type { Command } from 'commander'
import { isVerified, type LatentVerified, type ProjectOpened, type ProjectVerified } from '#shared/project'
import { modelSource, type ModelSource } from '#shared/modelSource'
import { withEngine } from '../engineCall'
import { exitCodeOf } from '../exitCodes'
import type { CommandEnvironment } from '../installation'
import { addModelOptions, modelOf, type ModelOptions } from '../modelOptions'
import { describeCompute } from '../output'
import { somePath } from '../parsers'
import { explainDefault } from '../explainDefault'
import { readProject, unpackFolder } from '../projectFile'
import { modelFor } from '../projectModel'
import { alignColumns, printResult } from '../terminal'

/** `project verify`: checks that the latents of a project are what its pictures encode to. */
export function addVerifyCommand(project: Command, installation: CommandEnvironment): void {
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
      const named = modelOf(installation, options)
      const own = await modelFor(call, installation, opened, given('model') ? options.model : undefined)
      const model = { ...modelLike(own, opened), ...pickGiven(named, given) }
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

/** A model on the device that computed a project's latents: only there can results be bit-identical. */
function modelLike(
  { path, prediction, timestepScale }: ModelSource,
  { computes }: ProjectOpened,
): ModelSource {
  const model = modelSource.parse({ path, prediction, timestepScale })
  if (computes.length === 0) return model
  const { provider, precision, threads } = computes[0]
  const device = provider === 'server' ? ('auto' as const) : provider
  return { ...model, device, precision, ...(provider === 'cpu' && { threads }) }
}

/** Returns the fields of a model that were given on the command line and override those of the project. */
function pickGiven(source: ModelSource, given: (option: string) => boolean): Partial<ModelSource> {
  return Object.fromEntries(Object.entries(source).filter(([name]) => given(name)))
}

const verdicts: Readonly<Record<LatentVerified['verdict'], string>> = {
  identical: 'the same to the bit',
  within: 'within the tolerance',
  different: 'DIFFERENT',
  notKept: 'no latent kept under these settings',
  pictureMissing: 'picture missing: not compared',
}

function describe(report: ProjectVerified): string[] {
  const { damaged, problems, latents } = report
  const rows = latents.map(({ name, verdict, difference, tolerance, compute }) => [
    name,
    verdicts[verdict],
    difference ? `${difference.toExponential(1)} of ${tolerance!.toExponential(0)} allowed` : '',
    compute === null ? '' : describeCompute(compute),
  ])
  return [
    ...damaged.map((part) => `The part "${part}" differs from what was saved.`),
    ...problems,
    ...(rows.length > 0 ? alignColumns(rows) : ['The project has no pictures.']),
    conclusion(report),
  ]
}

function conclusion(report: ProjectVerified): string {
  if (!isVerified(report))
    return 'The project differs from what was saved, or from what its pictures encode to: see above.'
  const { latents } = report
  const isUncompared = latents.length > 0 && latents.every(({ difference }) => difference === null)
  return isUncompared
    ? 'All parts are intact, but no latent was compared: see above.'
    : 'No differences found.'
}
