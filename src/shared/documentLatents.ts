/** What a document asks the engine for: the latents of its items, and the plan of its timeline. */
import type { DocumentLatent, DocumentPicture, StudioDocument } from './document'
import type { ModelHeaders } from './reports'
import type { FramePlan } from './framePlan'
import type { LatentSource } from './latentSource'
import type { PictureSource } from './pictureSource'

/** An item that can be placed on the timeline. */
export type DocumentItem = DocumentPicture | DocumentLatent

/** Whether an item is a picture. A picture has a latent only once it is encoded. */
export function isPicture(item: DocumentItem): item is DocumentPicture {
  return 'info' in item
}

/** Returns the path where the file of an item is, or was last seen; empty for an item without a file. */
export function pathOfItem(item: DocumentItem): string {
  if (isPicture(item)) return item.info.path
  return item.kind === 'file' ? item.path : ''
}

/**
 * Whether an item is made from a file of which nothing says where it is. Its path is empty, so that no other file is
 * taken for it.
 */
export function lacksPath(item: DocumentItem): boolean {
  return (isPicture(item) || item.kind === 'file') && pathOfItem(item) === ''
}

/**
 * Returns the source that the engine gets for a picture. The hash identifies its cached results while its
 * file is missing.
 */
export function sourceOf({ info, fit }: DocumentPicture): PictureSource {
  return { path: info.path, sha256: info.sha256 || undefined, fit }
}

/** What a picture's latent depends on besides the picture. */
export interface EncodeContext extends Pick<StudioDocument, 'encode'> {
  /** The number of classes of the model, null for none; left out if no model is loaded. */
  readonly classes?: number | null
  /** Whether the model takes prompts; left out if no model is loaded. */
  readonly takesPrompts?: boolean
}

/** Adds to a document whether its model takes classes and prompts. */
export function forModel<Document extends StudioDocument>(
  document: Document,
  { classes, takesPrompts }: Pick<ModelHeaders, 'classes' | 'takesPrompts'>,
): Document & EncodeContext {
  return { ...document, classes, takesPrompts }
}

/**
 * Returns the class of a latent. A model without classes takes none; with any other, each latent has a class,
 * the first by default.
 */
function classOf(
  { class: chosen }: { readonly class?: number },
  { classes }: EncodeContext,
): number | undefined {
  if (classes === undefined) return chosen
  return classes === null ? undefined : Math.min(chosen ?? 0, classes - 1)
}

/**
 * Returns the prompts of a latent. If its stop asks for a prompt, the latent is decoded with that one and
 * encoded with its own.
 *
 * @param asked  the prompt of its stop; undefined to use the latent's own
 */
function promptsOf(
  own: string | undefined,
  asked: string | undefined,
  { takesPrompts }: EncodeContext,
): { prompt?: string; sourcePrompt?: string } {
  if (takesPrompts === false) return {}
  return asked === undefined ? { prompt: own } : { prompt: asked, sourcePrompt: own ?? '' }
}

/** Returns the latent of a picture under the document's settings. */
export function pictureLatentOf(
  picture: DocumentPicture,
  context: EncodeContext & Pick<LatentContext, 'prompt'>,
): Extract<LatentSource, { kind: 'picture' }> {
  const { restandardise } = picture
  const { encode } = context
  return {
    kind: 'picture',
    picture: sourceOf(picture),
    encode,
    restandardise,
    class: classOf(picture, context),
    ...promptsOf(picture.prompt, context.prompt, context),
  }
}

/** What an item's latent depends on: the settings, the model, and the other items by id. */
export interface LatentContext extends EncodeContext {
  readonly byId: ReadonlyMap<string, DocumentItem>
  /** The prompt to decode it with, instead of its own. */
  readonly prompt?: string
}

/**
 * Returns the latent of an item; null if it, or one of its parts, is missing or of a kind that this version
 * cannot make.
 */
export function latentOf(item: DocumentItem, context: LatentContext): LatentSource | null {
  const { encode, byId } = context
  if (isPicture(item)) {
    const { path, sha256 } = item.info
    return path === '' && sha256 === '' ? null : pictureLatentOf(item, context)
  }
  switch (item.kind) {
    case 'seed': {
      const endTimestep = item.endTimestep ?? encode.endTimestep
      const { prompt } = promptsOf(item.prompt, context.prompt, context)
      return { kind: 'seed', seed: item.seed, endTimestep, class: classOf(item, context), prompt }
    }
    case 'file': {
      const { path, endTimestep, class: chosen } = item
      // Without a chosen class, the file may specify its own.
      const classIndex = chosen === undefined ? undefined : classOf(item, context)
      const { prompt } = promptsOf(item.prompt, context.prompt, context)
      if (path === '') return null
      const assumedTimestep = encode.endTimestep
      return { kind: 'file', path, endTimestep, assumedTimestep, class: classIndex, prompt }
    }
    case 'mix': {
      const parts = item.parts.flatMap(({ source, weight }) => {
        const part = byId.get(source)
        const latent = part && latentOf(part, context)
        return latent ? [{ latent, weight }] : []
      })
      return parts.length > 0 && parts.length === item.parts.length ? { kind: 'mix', parts } : null
    }
    default:
      return composedLatentOf(item, context)
  }
}

/**
 * Returns a latent that is derived from others; null if one of them is missing, if there are too few, or for
 * an unknown kind.
 */
function composedLatentOf(
  item: Exclude<DocumentLatent, { kind: 'seed' | 'file' | 'mix' }>,
  context: LatentContext,
): LatentSource | null {
  if (item.kind === 'unknown') return null
  // Each part is made once: made twice, it would take twice as long for every level of parts.
  const parts = new Map<string, LatentSource>()
  for (const id of referencesOf(item)) {
    const part = context.byId.get(id)
    const latent = parts.get(id) ?? (part && latentOf(part, context))
    if (!latent) return null
    parts.set(id, latent)
  }
  const made = (id: string): LatentSource => parts.get(id)!
  switch (item.kind) {
    case 'direction': {
      const { kind, from, plus, minus, strength } = item
      if (plus.length === 0 || minus.length === 0) return null
      return { kind, from: made(from), plus: plus.map(made), minus: minus.map(made), strength }
    }
    case 'principal': {
      const { kind, from, of, component, strength } = item
      if (of.length < component + 2) return null
      return { kind, from: made(from), of: of.map(made), component, strength }
    }
    case 'walk': {
      const { kind, around, seed, angle, turn } = item
      return { kind, around: made(around), seed, angle, turn }
    }
  }
}

/** Returns the ids of the items that a latent is made from, possibly with repeats. */
export function referencesOf(latent: DocumentLatent): readonly string[] {
  switch (latent.kind) {
    case 'mix':
      return latent.parts.map(({ source }) => source)
    case 'direction':
      return [latent.from, ...latent.plus, ...latent.minus]
    case 'principal':
      return [latent.from, ...latent.of]
    case 'walk':
      return [latent.around]
    default:
      return []
  }
}

/** Returns the pictures that an item is made from, each once; a picture is made from itself. */
export function picturesIn(
  item: DocumentItem,
  byId: ReadonlyMap<string, DocumentItem>,
  seen = new Set<string>(),
): readonly DocumentPicture[] {
  if (seen.has(item.id)) return []
  seen.add(item.id)
  if (isPicture(item)) return [item]
  return referencesOf(item).flatMap((id) => {
    const part = byId.get(id)
    return part ? picturesIn(part, byId, seen) : []
  })
}

/** Returns all items of a document by id. */
export function itemsById({ pictures, latents }: StudioDocument): ReadonlyMap<string, DocumentItem> {
  return new Map([...pictures, ...latents].map((item) => [item.id, item]))
}

/** Returns the plan of the whole timeline; null if there are too few stops or one has no latent. */
export function planOf(document: StudioDocument & EncodeContext): FramePlan | null {
  const byId = itemsById(document)
  const { stops, segments, pinned } = document.timeline
  const { encode, classes, takesPrompts } = document
  const latents = stops.flatMap(({ source, prompt }) => {
    const item = byId.get(source)
    return (item && latentOf(item, { encode, classes, takesPrompts, byId, prompt })) ?? []
  })
  if (latents.length < 2 || latents.length < stops.length) return null
  const copied = segments.map((segment) => ({ ...segment }))
  return { kind: 'path', stops: latents, segments: copied, ...(pinned && { pinned }) }
}
