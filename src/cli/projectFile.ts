/** Code shared by the commands on project files. */
import { existsSync } from 'node:fs'
import { basename, parse, resolve } from 'node:path'
import { insertStop } from '#core/timeline/pathEdits'
import { cacheFolder } from '#files/cacheFolder'
import type { DocumentPicture, StudioDocument } from '#shared/document'
import { requireRoom } from '#shared/documentSize'
import { forModel, isPicture, itemsById, pictureLatentOf } from '#shared/documentLatents'
import { StudioError } from '#shared/errors'
import { projectEnding } from '#shared/fileKinds'
import type { ProjectOpened } from '#shared/project'
import type { ModelSource } from '#shared/modelSource'
import type { EngineCall } from './engineCall'
import type { ConditionOptions } from './conditionOptions'
import { readStopWord } from './stops'
import { say } from './terminal'

/** Where pictures and latent files that only a project holds are unpacked to. */
export const unpackFolder = (): string => `${cacheFolder()}/pictures`

/** Opens a project, and says what is damaged or missing. @throws StudioError as `openProject` */
export async function readProject(call: EngineCall, path: string): Promise<ProjectOpened> {
  const opened = await call('project.read', { path, unpackTo: unpackFolder() })
  for (const problem of opened.problems) say(`Warning: ${problem}`)
  for (const missing of opened.missing) say(`Warning: "${missing}" is missing.`)
  return opened
}

/** @throws StudioError UNSUPPORTED for a project of a newer version: writing it could lose something */
export function requireOurs(opened: ProjectOpened): ProjectOpened {
  if (!opened.newer) return opened
  const sentence = `"${opened.path}" was made by a newer version: update this program to change it.`
  throw new StudioError('UNSUPPORTED', sentence, { path: opened.path })
}

/** What latents are conditioned on, from the command line. */
type StopCondition = Omit<ConditionOptions, 'guidance'>

/**
 * Returns a document with more stops at the end of its film.
 *
 * @param words  as {@link readStopWord} takes them
 * @param condition  class and texts of all of them
 * @throws StudioError BAD_INPUT for a word that makes no sense, or more than a project may have; as
 *   `picture.info`
 */
export async function withStops(
  call: EngineCall,
  document: StudioDocument,
  words: readonly string[],
  condition: StopCondition = {},
): Promise<StudioDocument> {
  const { class: classIndex, prompt, sourcePrompt } = condition
  // A picture is encoded on its source prompt, and its stop leads to the prompt.
  const own = { class: classIndex, prompt: sourcePrompt ?? prompt }
  const atStop = sourcePrompt === undefined ? {} : { prompt: prompt ?? '' }
  let next = document
  for (const word of words) {
    const added = await withItem(call, next, word, own)
    const { timeline } = added.document
    const stop = { id: crypto.randomUUID(), source: added.id, ...atStop }
    const { stops, segments } = insertStop(timeline, timeline.stops.length, stop)
    const path = { stops: [...stops], segments: segments.map((one) => ({ ...one })) }
    next = { ...added.document, timeline: { ...timeline, ...path } }
  }
  requireRoom(next, document)
  return next
}

/** Returns a document with one more item, preceded by the parts if it is a mix. */
async function withItem(
  call: EngineCall,
  document: StudioDocument,
  word: string,
  own: Pick<DocumentPicture, 'class' | 'prompt'>,
): Promise<{ document: StudioDocument; id: string }> {
  const id = crypto.randomUUID()
  const stop = readStopWord(word)
  const withLatent = (latent: StudioDocument['latents'][number], to = document) => ({
    document: { ...to, latents: [...to.latents, latent] },
    id,
  })
  switch (stop.kind) {
    case 'seed':
      return withLatent({ id, name: `Seed ${stop.seed}`, kind: 'seed', seed: stop.seed, ...own })
    case 'file': {
      const path = resolve(stop.path)
      return withLatent({ id, name: parse(path).name, kind: 'file', path, sha256: '', ...own })
    }
    case 'mix': {
      let to = document
      const parts: { source: string; weight: number }[] = []
      for (const { word: part, weight } of stop.parts) {
        const added = await withItem(call, to, part, own)
        to = added.document
        parts.push({ source: added.id, weight })
      }
      const name = stop.parts.map((part) => basename(part.word)).join(' + ')
      return withLatent({ id, name, kind: 'mix', parts }, to)
    }
    case 'picture': {
      const info = await call('picture.info', { path: resolve(stop.path) })
      const picture = {
        id,
        name: info.name,
        info,
        fit: { mode: 'cover' as const },
        restandardise: false,
        ...own,
      }
      return { document: { ...document, pictures: [...document.pictures, picture] }, id }
    }
  }
}

/** Encodes the pictures of a document, as a project stores cached results and computes nothing itself. */
export async function encodeAll(
  call: EngineCall,
  document: StudioDocument,
  model: ModelSource,
): Promise<void> {
  const { decode } = document
  const shown = forModel(document, await call('model.headers', { model }))
  for (const item of itemsById(document).values()) {
    if (!isPicture(item) || !existsSync(item.info.path)) continue
    await call('latent.encode', { model, ...pictureLatentOf(item, shown), decode })
  }
}

/** Returns a name that ends as project files do. */
export function withProjectEnding(path: string): string {
  return path.toLowerCase().endsWith(`.${projectEnding}`) ? path : `${path}.${projectEnding}`
}
