import { resolve } from 'node:path'
import type { Command } from 'commander'
import { frameCount } from '#core/timeline/path'
import { requireWritable } from '#files/atomicFile'
import { whileHolding } from '#files/fileHold'
import { emptyDocument, type DocumentModel } from '#shared/document'
import { StudioError } from '#shared/errors'
import { requireItsModel, type ExportOrigin, type ProjectOpened, type ProjectSaved } from '#shared/project'
import type { ModelSource } from '#shared/modelSource'
import { withEngine, type EngineCall } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import {
  addEncodingOptions,
  decodeSettingsOf,
  encodeSettingsOf,
  type EncodingOptions,
} from '../diffusionOptions'
import { addModelOptions, modelOf, type ModelOptions } from '../modelOptions'
import { describeCompute } from '../output'
import { outputPath, somePath, somePaths } from '../parsers'
import { encodeAll, readProject, requireOurs, withProjectEnding, withStops } from '../projectFile'
import { findModelFor, modelFor, readAsIn } from '../projectModel'
import { addVerifyCommand } from './projectVerify'
import { stopsHelp } from '../stops'
import { alignColumns, printResult, say } from '../terminal'

interface JsonOption {
  json?: boolean
}

interface OverwriteOptions extends JsonOption {
  force?: boolean
}

interface AddOptions extends JsonOption {
  model?: string
}

/** `project new|from|add|inspect|verify|collect`: work with project files, without the window. */
export function addProjectCommands(program: Command, installation: CommandEnvironment): void {
  const project = program.command('project').description('create, inspect, verify and collect project files')
  addNew(project, installation)
  addFrom(project, installation)
  addMore(project, installation)
  addInspect(project, installation)
  addVerifyCommand(project, installation)
  addCollect(project, installation)
}

function addNew(project: Command, installation: CommandEnvironment): void {
  const command = project
    .command('new')
    .description('create a project with a film through pictures, including their latents')
    .argument('<project>', 'file to write, film.slerp', outputPath)
    .argument('<stops...>', stopsHelp, somePaths)
    .option('--force', 'replace an existing project; the old one is kept next to it as the previous version')
  addEncodingOptions(command).action(
    (named: string, stops: string[], options: EncodingOptions & OverwriteOptions) => {
      const path = withProjectEnding(named)
      return writeProject(installation, path, options.force ?? false, async (call) => {
        const settings = { encode: encodeSettingsOf(options), decode: decodeSettingsOf(options) }
        const document = await withStops(call, { ...emptyDocument(), ...settings }, stops, options)
        const model = modelOf(installation, options)
        await encodeAll(call, document, model)
        const saved = await call('project.write', {
          document: { ...document, model: await nameModel(call, model) },
          model,
          path,
          overwrite: options.force ?? false,
          app: installation.version,
        })
        printSaved(options.json ?? false, saved)
      })
    },
  )
}

function addFrom(project: Command, installation: CommandEnvironment): void {
  const command = project
    .command('from')
    .description(
      'recreate the project that an export came from: settings, film, and sources found by their content',
    )
    .argument('<export>', 'picture, film or folder of frames written by this program', somePath)
    .argument('<project>', 'file to write, film.slerp', outputPath)
    .option('--force', 'replace an existing project; the old one is kept next to it as the previous version')
  addModelOptions(command).action((from: string, named: string, options: ModelOptions & OverwriteOptions) => {
    const path = withProjectEnding(named)
    return writeProject(installation, path, options.force ?? false, async (call) => {
      const { document, missing, problems } = await originOf(call, from)
      for (const problem of problems) say(`Warning: ${problem}`)
      for (const one of missing) say(`Warning: "${one}" is missing. Its place in the film is kept.`)
      const model = await readAsIn(call, document, modelOf(installation, options))
      const known = await nameModel(call, model)
      requireItsModel(document, { id: known.name, sha256: known.sha256 }, from)
      await encodeAll(call, document, model)
      const saved = await call('project.write', {
        document: { ...document, model: known },
        model,
        path,
        overwrite: options.force ?? false,
        app: installation.version,
      })
      printSaved(options.json ?? false, saved, { missing, problems })
    })
  })
}

/** Reports a project that was written, and the files that it could not include. */
function printSaved(json: boolean, saved: ProjectSaved, more: object = {}): void {
  for (const path of saved.leftOut)
    say(`Warning: "${path}" was left out: it is missing, or neither a picture nor a latent.`)
  printResult(json, { ok: true, ...saved, ...more }, [`Saved ${saved.path}.`])
}

/** @throws StudioError BAD_INPUT for a file that this program did not export, and as `project.ofExport` */
async function originOf(call: EngineCall, path: string): Promise<ExportOrigin> {
  const origin = await call('project.ofExport', { path: resolve(path), others: [process.cwd()] })
  if (origin) return origin
  const sentence = `"${path}" does not say how it was made: choose an unmodified export of this program.`
  throw new StudioError('BAD_INPUT', sentence, { path })
}

function addMore(project: Command, installation: CommandEnvironment): void {
  project
    .command('add')
    .description('add stops to the end of a project’s film')
    .argument('<project>', 'project file', somePath)
    .argument('<stops...>', stopsHelp, somePaths)
    .option('-m, --model <folder>', 'where the project’s model is now (default: where it was)', somePath)
    .option('--json', 'print one JSON object on stdout')
    .action((path: string, stops: string[], { model: named, json = false }: AddOptions) =>
      writeProject(installation, path, null, async (call) => {
        const opened = requireOurs(await readProject(call, path))
        await requireWritable(path, { overwrite: true })
        const model = await modelFor(call, installation, opened, named)
        const document = await withStops(call, opened.document, stops)
        await encodeAll(call, document, model)
        const app = installation.version
        const saved = await call('project.write', { document, model, path, overwrite: true, from: path, app })
        printSaved(json, saved)
      }),
    )
}

function addInspect(project: Command, installation: CommandEnvironment): void {
  project
    .command('inspect')
    .description('verify a project’s checksums and list its contents')
    .argument('<project>', 'project file', somePath)
    .option('--json', 'print one JSON object on stdout')
    .action((path: string, { json = false }: JsonOption) =>
      withEngine(installation, async (call) => {
        const opened = await readProject(call, path)
        printResult(json, { ok: true, ...opened }, describeProject(opened))
      }),
    )
}

function addCollect(project: Command, installation: CommandEnvironment): void {
  project
    .command('collect')
    .description('write a copy that contains every picture, for use on another computer')
    .argument('<project>', 'project file', somePath)
    .argument('<copy>', 'file to write', outputPath)
    .option('--force', 'replace an existing file')
    .option('--json', 'print one JSON object on stdout')
    .action((from: string, named: string, { force = false, json = false }: OverwriteOptions) => {
      const path = withProjectEnding(named)
      return writeProject(installation, path, force, async (call) => {
        const opened = requireOurs(await readProject(call, from))
        const model = await findModelFor(call, installation, opened)
        if (!model) say(`Warning: ${missingForCopy(opened)}`)
        const saved = await call('project.write', {
          document: opened.document,
          model,
          path,
          overwrite: force,
          from,
          collect: true,
          app: installation.version,
        })
        printSaved(json, saved)
      })
    })
}

function missingForCopy({ document: { model } }: ProjectOpened): string {
  return `The model "${model!.name}" is not on this computer: only its results that are already in the project are copied.`
}

/**
 * Runs a command that writes a project, and holds the file meanwhile: nobody else writes it after the command
 * has read it. A file that cannot be written is refused before anything is computed for it.
 *
 * @param overwrite  null if the command reads the file first, and checks only then that it can be written
 * @throws StudioError UNWRITABLE if another program has the file open, or as {@link requireWritable}
 */
function writeProject(
  installation: CommandEnvironment,
  path: string,
  overwrite: boolean | null,
  command: (call: EngineCall) => Promise<void>,
): Promise<void> {
  const write = async (call: EngineCall): Promise<void> => {
    if (overwrite !== null) await requireWritable(path, { overwrite })
    await command(call)
  }
  return withEngine(installation, (call) => whileHolding(path, () => write(call)))
}

async function nameModel(call: EngineCall, model: ModelSource): Promise<DocumentModel> {
  const { prediction, timestepScale } = model
  const { id, sha256, path } = await call('model.info', { model })
  return { name: id, sha256, path, reading: { prediction, timestepScale } }
}

/** Describes the contents of an opened project for people, one line each. */
export function describeProject(opened: ProjectOpened): string[] {
  const { document, computes } = opened
  const { pictures, latents, timeline, model } = document
  return [
    ...alignColumns([
      ['Pictures', String(pictures.length)],
      ['Other latents', String(latents.length)],
      ['Stops', String(timeline.stops.length)],
      ['Frames', String(frameCount(timeline))],
      ['Model', model?.name ?? 'bundled'],
    ]),
    ...computes.map((compute) => `Latents computed on ${describeCompute(compute)}`),
    describeFaults(opened),
  ]
}

function describeFaults({ missing, problems }: ProjectOpened): string {
  if (problems.length === 0)
    return missing.length === 0 ? 'All parts are intact.' : 'Some files are missing: see above.'
  const unread = 'Some values or parts could not be read'
  return missing.length === 0 ? `${unread}: see above.` : `${unread}, and some files are missing: see above.`
}
