import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { insertStop } from '#core/timeline/path'
import { cacheFolder } from '#files/cacheFolder'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { isPicture, itemsById, pictureLatentOf, planOf } from '#shared/documentLatents'
import { StudioError } from '#shared/errors'
import { isLatentFile, projectEnding } from '#shared/fileKinds'
import type { ProjectOpened } from '#shared/project'
import { modelSource, type ModelSource } from '#shared/settings'
import type { EngineCall } from './engineCall'
import { withEngine } from './engineCall'
import { callExport } from './export'
import { locateModel, type Installation } from './installation'
import {
  addEncodingOptions,
  addOutputOptions,
  decodeSettingsOf,
  encodeSettingsOf,
  modelOf,
  type AnimationOptions,
  type EncodingOptions,
} from './options'
import { describeExport, exportTargetOf } from './output'
import { outputPath, somePath, somePaths } from './parsers'
import { alignColumns, printResult, say } from './terminal'
import { bundledModelName } from '#files/installation'

interface JsonOption {
  json?: boolean
}

interface OverwriteOptions extends JsonOption {
  force?: boolean
}

/** `project new|add|inspect|collect` and `render`: project files of the window, without the window. */
export function addProjectCommands(program: Command, installation: Installation): void {
  const project = program.command('project').description('make, look at and collect project files')
  addNew(project, installation)
  addMore(project, installation)
  addInspect(project, installation)
  addCollect(project, installation)
  addRender(program, installation)
}

const stopsHelp = 'pictures, latent files, or seeds such as seed:42'

function addNew(project: Command, installation: Installation): void {
  const command = project
    .command('new')
    .description('make a project of a film through pictures, with their latents inside')
    .argument('<project>', 'file to write, film.slerp', outputPath)
    .argument('<stops...>', stopsHelp, somePaths)
    .option('--force', 'replace a project that is there; it stays beside as the version before')
  addEncodingOptions(command).action(
    (path: string, stops: string[], options: EncodingOptions & OverwriteOptions) =>
      withEngine(installation, async (call) => {
        const settings = { encode: encodeSettingsOf(options), decode: decodeSettingsOf(options) }
        const document = await withStops(call, { ...emptyDocument(), ...settings }, stops)
        const model = modelOf(installation, options)
        await encodeAll(call, document, model)
        const saved = await call('project.write', {
          document: { ...document, model: await nameModel(call, model) },
          model,
          path: requireEnding(path),
          overwrite: options.force ?? false,
          app: installation.version,
        })
        printResult(options.json ?? false, { ok: true, ...saved }, [`Saved ${saved.path}.`])
      }),
  )
}

function addMore(project: Command, installation: Installation): void {
  project
    .command('add')
    .description('put more stops at the end of a project’s film')
    .argument('<project>', 'project file', somePath)
    .argument('<stops...>', stopsHelp, somePaths)
    .option('--json', 'print one JSON object on stdout')
    .action((path: string, stops: string[], { json = false }: JsonOption) =>
      withEngine(installation, async (call) => {
        const opened = requireOurs(await read(call, path))
        const document = await withStops(call, opened.document, stops)
        const model = modelFor(installation, document)
        await encodeAll(call, document, model)
        const app = installation.version
        const saved = await call('project.write', { document, model, path, overwrite: true, from: path, app })
        printResult(json, { ok: true, ...saved }, [`Saved ${saved.path}.`])
      }),
    )
}

function addInspect(project: Command, installation: Installation): void {
  project
    .command('inspect')
    .description('prove a project’s checksums and tell what it holds')
    .argument('<project>', 'project file', somePath)
    .option('--json', 'print one JSON object on stdout')
    .action((path: string, { json = false }: JsonOption) =>
      withEngine(installation, async (call) => {
        const opened = await read(call, path)
        printResult(json, { ok: true, ...opened }, describeProject(opened))
      }),
    )
}

function addCollect(project: Command, installation: Installation): void {
  project
    .command('collect')
    .description('write a copy that holds every picture, for another computer')
    .argument('<project>', 'project file', somePath)
    .argument('<copy>', 'file to write', outputPath)
    .option('--force', 'replace a file that is there')
    .option('--json', 'print one JSON object on stdout')
    .action((from: string, path: string, { force = false, json = false }: OverwriteOptions) =>
      withEngine(installation, async (call) => {
        const { document } = requireOurs(await read(call, from))
        const model = modelFor(installation, document)
        const request = { document, model, path: requireEnding(path), overwrite: force, from, collect: true }
        const saved = await call('project.write', { ...request, app: installation.version })
        for (const missing of saved.leftOut) say(`Warning: "${missing}" is missing and was left out.`)
        printResult(json, { ok: true, ...saved }, [`Saved ${saved.path}.`])
      }),
    )
}

function addRender(program: Command, installation: Installation): void {
  const command = program
    .command('render')
    .description('write the film of a project')
    .argument('<project>', 'project file', somePath)
  addOutputOptions(command, 'film.mp4').action(
    (path: string, options: AnimationOptions & JsonOption & { output: string }) =>
      withEngine(installation, async (call) => {
        const { document } = await read(call, path)
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

async function read(call: EngineCall, path: string): Promise<ProjectOpened> {
  const opened = await call('project.read', { path, unpackTo: `${cacheFolder()}/pictures` })
  for (const problem of opened.problems) say(`Warning: ${problem}`)
  for (const missing of opened.missing) say(`Warning: "${missing}" is missing.`)
  return opened
}

/** @throws StudioError UNSUPPORTED for a project of a newer version, of which writing it could lose something */
function requireOurs(opened: ProjectOpened): ProjectOpened {
  if (!opened.newer) return opened
  const sentence = `"${opened.path}" was made by a newer version: update this program to change it.`
  throw new StudioError('UNSUPPORTED', sentence, { path: opened.path })
}

/** A document with more stops at the end of its film. */
async function withStops(
  call: EngineCall,
  document: StudioDocument,
  words: readonly string[],
): Promise<StudioDocument> {
  let { pictures, latents, timeline } = document
  for (const word of words) {
    const id = crypto.randomUUID()
    const seed = /^seed:(\d+)$/.exec(word)?.[1]
    if (seed !== undefined) {
      latents = [...latents, { id, name: `Seed ${seed}`, kind: 'seed', seed: Number(seed) }]
    } else if (isLatentFile(word)) {
      latents = [...latents, { id, name: word, kind: 'file', path: resolve(word), sha256: '' }]
    } else {
      const info = await call('picture.info', { path: resolve(word) })
      pictures = [...pictures, { id, name: info.name, info, fit: { mode: 'cover' }, restandardise: false }]
    }
    const end = timeline.stops.length
    const path = insertStop(timeline, end, { id: crypto.randomUUID(), source: id })
    timeline = { ...timeline, stops: [...path.stops], segments: path.segments.map((one) => ({ ...one })) }
  }
  return { ...document, pictures, latents, timeline }
}

/** Encodes what stands in the film: a project holds what is kept, and computes nothing itself. */
async function encodeAll(call: EngineCall, document: StudioDocument, model: ModelSource): Promise<void> {
  const { decode } = document
  for (const item of itemsById(document).values()) {
    if (!isPicture(item) || !existsSync(item.info.path)) continue
    await call('latent.encode', { model, ...pictureLatentOf(item, document), decode })
  }
}

async function nameModel(call: EngineCall, model: ModelSource): Promise<StudioDocument['model']> {
  const { id, sha256, path } = await call('model.info', { model })
  return { name: id, sha256, path }
}

/** The model that a document was made with, where it was; the bundled one for a document that names none. */
function modelFor(installation: Installation, { model }: StudioDocument): ModelSource {
  const path =
    model?.path && existsSync(model.path) ? model.path : locateModel(installation, bundledModelName)
  return modelSource.parse({ path })
}

function requireEnding(path: string): string {
  return path.toLowerCase().endsWith(`.${projectEnding}`) ? path : `${path}.${projectEnding}`
}

function describeProject({ document, missing, problems }: ProjectOpened): string[] {
  const { pictures, latents, timeline, model } = document
  const frames = timeline.segments.reduce((sum, one) => sum + one.frames, 0)
  return [
    ...alignColumns([
      ['Pictures', String(pictures.length)],
      ['Other latents', String(latents.length)],
      ['Stops', String(timeline.stops.length)],
      ['Frames', String(frames)],
      ['Model', model?.name ?? 'bundled'],
    ]),
    missing.length + problems.length === 0 ? 'Every part is whole.' : 'Not everything is there: see above.',
  ]
}
