/** The document: all that a person's work consists of, as one value. See docs/project-format.md for the file it lies in. */
import { interpolationIds } from '#core/timeline/interpolations/registry'
import { defaultSegment } from '#core/timeline/path'
import { playbackRepeats } from '#core/timeline/playOrder'
import { z } from 'zod'
import { isObject } from './documentMigrations'
import { limits, real, whole } from './limits'
import type { PictureInfo } from './reports'
import { classIndex, prompt } from './condition'
import { easing, frameRange } from './framePlan'
import { projectResults } from './modelSource'
import { fitSettings } from './pictureSource'
import { decodeSettings, encodeSettings, endTimestep } from './settings'

/** Raised when a program of today could no longer read what is written; then documentMigrations.ts gets a step. */
export const documentVersion = 1

/**
 * The most that one document may hold of each: a damaged count must not freeze the window. A mix may contain mixes,
 * `mixDepth` of them inside each other and `mixLeaves` other latents in all.
 */
export const documentLimits = {
  pictures: 5000,
  latents: 5000,
  stops: 1000,
  mixParts: 16,
  mixDepth: 8,
  mixLeaves: 64,
} as const

/** Whole and not negative, so that an odd number in a file costs only that number. */
const count = z.int().min(0).default(0)

const pictureInfo = z.object({
  /** Absolute path at which the picture was last seen; empty when that is not known. */
  path: z.string().default(''),
  name: z.string().default(''),
  /** Of the file's bytes, hex; empty when that is not known. */
  sha256: z.string().default(''),
  width: count,
  height: count,
  format: z.string().default(''),
  bytes: count,
  more: z.enum(['frames', 'pages']).optional().catch(undefined),
}) satisfies z.ZodType<PictureInfo>

/**
 * A picture of the library. `name` is what people call it; the file keeps its own. A picture whose file is missing keeps
 * all of this, so that it is whole again once its file is found.
 */
const documentPicture = z.object({
  id: z.string().default(''),
  name: z.string().default('Picture'),
  info: pictureInfo.prefault({}),
  /** Path from the project file's folder, with slashes: where to look when the project was moved with its pictures. */
  relativePath: z.string().optional(),
  fit: fitSettings.default({ mode: 'cover' }),
  /** Whether its latent is shifted and scaled to mean 0 and standard deviation 1. */
  restandardise: z.boolean().default(false),
  /** Class of its latent under a class-conditional model; others ignore it. */
  class: classIndex,
  /** What it shows, in words, under a model that is shown texts: it is encoded on this. Others ignore it. */
  prompt,
})

const named = { id: z.string().default(''), name: z.string().default('Latent') }

/** One part of a mix: another item of the document, by its id, and how much of it goes in. */
const mixPart = z.object({ source: z.string(), weight: z.number().min(0).max(1e6).default(1) })

/** Other items of the document, by their ids. */
const itemId = z.string().default('')
const itemIds = z.array(z.string()).max(documentLimits.mixParts).default([])

/** A latent of the library that is no picture's own. */
const documentLatent = z.discriminatedUnion('kind', [
  z.object({
    ...named,
    kind: z.literal('seed'),
    seed: whole(limits.seed, 'seed'),
    endTimestep,
    class: classIndex,
    prompt,
  }),
  z.object({
    ...named,
    kind: z.literal('file'),
    path: z.string().default(''),
    sha256: z.string().default(''),
    relativePath: z.string().optional(),
    endTimestep,
    class: classIndex,
    prompt,
  }),
  /** Others of this document, mixed in proportion to their weights: z = sum(w x) / sqrt(sum(w^2)). */
  z.object({
    ...named,
    kind: z.literal('mix'),
    parts: z.array(mixPart).max(documentLimits.mixParts).default([]),
  }),
  /** Another, moved along the mean of a group minus that of another group: see `LatentSource`. */
  z.object({
    ...named,
    kind: z.literal('direction'),
    from: itemId,
    plus: itemIds,
    minus: itemIds,
    strength: real(limits.weight, 'strength').default(1),
  }),
  /** Another, moved along a principal direction of a group. */
  z.object({
    ...named,
    kind: z.literal('principal'),
    from: itemId,
    of: itemIds,
    component: whole(limits.component, 'component').default(0),
    strength: real(limits.weight, 'strength').default(1),
  }),
  /** A place on a circle around another. */
  z.object({
    ...named,
    kind: z.literal('walk'),
    around: itemId,
    seed: whole(limits.seed, 'seed').default(0),
    angle: real(limits.walkAngle, 'angle').default(20),
    turn: real(limits.turn, 'turn').default(0),
  }),
  /** A kind that this version does not know, or an item that a stop names and that is not there: kept as it was. */
  z.object({ ...named, kind: z.literal('unknown'), value: z.unknown() }),
])

/** Kinds of latents that this version knows. */
export const latentKinds: readonly string[] = documentLatent.options.map(({ shape }) => shape.kind.value)

/**
 * A place on the timeline. `source` is the id of a picture or a latent, which may stand at several stops. `prompt` is what it
 * is decoded on there, in the place of the item's own.
 */
const documentStop = z.object({ id: z.string().default(''), source: z.string(), prompt })

const documentSegment = z.object({
  frames: whole(limits.segmentFrames, 'frames').default(defaultSegment.frames),
  easing: easing.default(defaultSegment.easing),
  interpolation: z.enum(interpolationIds).default(defaultSegment.interpolation),
  /** Where even timing put the frames: see `Segment`. */
  fractions: z.array(z.number()).readonly().optional(),
})

/** A frame with a name, to come back to. */
const documentMarker = z.object({ id: z.string().default(''), frame: count, name: z.string().default('') })

/** Stops and the segments between them, as `Path` of core/timeline: one segment more closes it. */
const documentTimeline = z.object({
  stops: z.array(documentStop).default([]),
  segments: z.array(documentSegment.prefault({})).default([]),
  /** Whether stops show the pictures themselves: see `FramePlan`. */
  pinned: z.boolean().default(false),
  fps: real(limits.fps, 'fps').default(20),
  repeat: z.enum(playbackRepeats).default('ping-pong'),
  markers: z.array(documentMarker).max(documentLimits.stops).default([]),
  /** The frames that exports take; null for all. */
  workArea: frameRange.nullable().default(null),
})

/** The model that the work was done with: found again by where it was, told apart by its hash. */
const documentModel = z.object({
  name: z.string().default(''),
  sha256: z.string().default(''),
  path: z.string().default(''),
})

/** What the window showed, as far as it is worth coming back to. Changing it is no change of the work. */
const documentView = z.object({
  view: z.enum(['morph', 'fidelity', 'lab', 'explore']).default('morph'),
  playhead: count,
})

/**
 * A whole document. Every value but an id's target has a stand-in, so that one that cannot be read costs only itself;
 * see `readDocument`.
 */
export const studioDocument = z.object({
  format: z.literal('slerp-studio').default('slerp-studio'),
  version: z.int().min(documentVersion),
  /** Version of the program that wrote it; empty for one that was never written. */
  app: z.string().default(''),
  /** Null for the model that came with the program. */
  model: documentModel.nullable().default(null),
  pictures: z.array(documentPicture).default([]),
  latents: z.array(documentLatent).default([]),
  timeline: documentTimeline.prefault({}),
  encode: encodeSettings.prefault({}),
  decode: decodeSettings.prefault({}),
  notes: z.string().default(''),
  /** Whether the project file holds the picture files themselves, or only where they are. */
  keepPictures: z.boolean().default(true),
  view: documentView.prefault({}),
  /** While it is open: the results that its project file brought. The file itself does not say. */
  projectResults,
})

export type DocumentPicture = Readonly<z.infer<typeof documentPicture>>
export type DocumentLatent = Readonly<z.infer<typeof documentLatent>>
export type DocumentStop = Readonly<z.infer<typeof documentStop>>
export type DocumentMarker = Readonly<z.infer<typeof documentMarker>>
export type DocumentTimeline = Readonly<z.infer<typeof documentTimeline>>
export type DocumentView = Readonly<z.infer<typeof documentView>>
export type DocumentModel = Readonly<z.infer<typeof documentModel>>
/** Never changed in place: an edit makes a new one, so holding one is a copy. */
export type StudioDocument = Readonly<z.infer<typeof studioDocument>>

/** A document on its way, with all that this version does not know of it: whoever reads a file checks it. */
export const uncheckedDocument = z.custom<StudioDocument>(isObject, 'document must be an object')

/** A document with nothing in it. */
export function emptyDocument(): StudioDocument {
  return studioDocument.parse({ version: documentVersion })
}
