/** The model of a project: which one it is, and where it lies on this computer. */
import { join } from 'node:path'
import { bundledModelName } from '#files/installation'
import { bundledModelFolders } from '#host/models/bundledModels'
import type { DocumentModel, StudioDocument } from '#shared/document'
import { StudioError } from '#shared/errors'
import { isNamed } from '#shared/models'
import { modelSource, type ModelReading, type ModelSource } from '#shared/modelSource'
import { requireItsModel, type ProjectOpened } from '#shared/project'
import type { EngineCall } from './engineCall'
import { locateModel, type CommandEnvironment } from './installation'

type Project = Pick<ProjectOpened, 'path' | 'document'>

/**
 * Returns the model that a project was made with, read as it was then.
 *
 * @param named  where the command line says that it is, if it does
 * @throws StudioError MODEL_MISMATCH if it is not on this computer, or if `named` is another one
 */
export async function modelFor(
  call: EngineCall,
  installation: CommandEnvironment,
  project: Project,
  named?: string,
): Promise<ModelSource> {
  const { path: projectPath, document } = project
  if (named !== undefined) {
    const path = locateModel(installation, named)
    requireItsModel(document, await call('model.info', { model: { path } }), projectPath)
    return sourceAt(path, document)
  }
  const found = await findModelFor(call, installation, project)
  if (!found) throw missing(projectPath, document.model!)
  return found
}

/**
 * Returns the model to render a project's film with.
 *
 * @param asked  what the command line asks for, including how the model is read
 * @param namesModel  whether the command line names a model, which may be another one: only the project's own is
 *   read as the project says
 * @throws StudioError MODEL_MISMATCH if the project's model is not on this computer
 */
export async function modelToRender(
  call: EngineCall,
  installation: CommandEnvironment,
  project: Project,
  { asked, namesModel }: { asked: ModelSource; namesModel: boolean },
): Promise<ModelSource> {
  const { document } = project
  const { projectResults } = document
  if (namesModel) return { ...(await readAsIn(call, document, asked)), projectResults }
  const { path, ...own } = await modelFor(call, installation, project)
  return { ...asked, path, ...readingOf(asked, own), projectResults }
}

/** Returns a model. If it is the document's model, it is read as the document says wherever `asked` says nothing. */
export async function readAsIn(
  call: EngineCall,
  { model }: Pick<StudioDocument, 'model'>,
  asked: ModelSource,
): Promise<ModelSource> {
  if (!model?.reading) return asked
  const { sha256 } = await call('model.info', { model: { path: asked.path } })
  return model.sha256 === sha256 ? { ...asked, ...readingOf(asked, model.reading) } : asked
}

function readingOf(asked: ModelReading, byDefault: ModelReading): ModelReading {
  return {
    prediction: asked.prediction ?? byDefault.prediction,
    timestepScale: asked.timestepScale ?? byDefault.timestepScale,
  }
}

function sourceAt(path: string, { model, projectResults }: StudioDocument): ModelSource {
  return modelSource.parse({ ...model?.reading, path, projectResults })
}

/**
 * Returns the model that a project was made with, or the default model if it names none; null if it is not on
 * this computer. A model that was moved is found by its name among the bundled ones and those of the Hugging
 * Face cache.
 */
export async function findModelFor(
  call: EngineCall,
  installation: CommandEnvironment,
  { document }: Pick<Project, 'document'>,
): Promise<ModelSource | null> {
  const { model } = document
  const path = isKnown(model)
    ? await findModel(call, installation, model)
    : join(installation.resources, 'models', bundledModelName)
  return path === null ? null : sourceAt(path, document)
}

function isKnown(model: DocumentModel | null): model is DocumentModel {
  return model !== null && (model.name !== '' || model.path !== '')
}

async function findModel(
  call: EngineCall,
  { resources }: CommandEnvironment,
  { name, sha256, path }: DocumentModel,
): Promise<string | null> {
  const isIt = async (candidate: string): Promise<boolean> => {
    const info = await call('model.info', { model: { path: candidate } }).catch(nothingUnlessCancelled)
    return info !== null && (sha256 === '' || info.sha256 === sha256)
  }
  if (path !== '' && (await isIt(path))) return path
  const { rows } = await call('model.list', { bundled: await bundledModelFolders(resources), folders: [] })
  for (const row of rows.filter((one) => isNamed(one, name))) if (await isIt(row.path)) return row.path
  return null
}

/** Returns null for a model that does not open: it is not the one that is searched for. */
function nothingUnlessCancelled(error: unknown): null {
  if (error instanceof StudioError && error.code !== 'CANCELLED') return null
  throw error
}

function missing(project: string, { name, sha256, path }: DocumentModel): StudioError {
  const which = sha256 === '' ? `"${name}"` : `"${name}" (${sha256.slice(0, 8)})`
  return new StudioError(
    'MODEL_MISMATCH',
    `"${project}" was made with the model ${which}, which is neither at "${path}" nor, under its name, among the models that slerp-studio models lists: bring it back, or name it with --model.`,
    { path: project },
  )
}
