/** The document: the user's whole work as one value. See docs/project-format.md for its file. */
import { interpolationIds } from '#core/timeline/interpolations/registry'
import { defaultSegment } from '#core/timeline/path'
import { playbackRepeats } from '#core/timeline/playOrder'
import { z } from 'zod'
import { isObject } from './json'
import { limits, real, whole } from './limits'
import type { PictureInfo } from './reports'
import { classIndex, prompt } from './condition'
import { easing, frameRange } from './framePlan'
import { modelReading, projectResults } from './modelSource'
import { fitSettings } from './pictureSource'
import { decodeSettings, encodeSettings, endTimestep } from './settings'

/** Raised when today's programs could not read what is written; documentMigrations.ts then gets a step. */
export const documentVersion = 1

/**
 * The most of each that one document may hold, so that its size cannot freeze the window; documentSize.ts
 * checks it. Latents may be made from others that are made themselves, over at most `mixDepth` levels and from
 * at most `mixLeaves` latents in all: as many as the engine takes in one mix.
 */
export const documentLimits = {
  pictures: 5000,
  latents: 5000,
  stops: 1000,
  segments: 1000,
  markers: 1000,
  frames: limits.frames.max,
  mixDepth: 32,
  mixLeaves: limits.mixParts.max,
} as const

/** A non-negative integer that defaults to 0, so that an invalid number in a file costs only that number. */
const count = z.int().min(0).default(0)

const pictureInfo = z.object({
  /** Absolute path where the picture was last seen; empty if unknown. */
  path: z.string().default(''),
  name: z.string().default(''),
  /** SHA-256 of the file, in hex; empty if unknown. */
  sha256: z.string().default(''),
  width: count,
  height: count,
  format: z.string().default(''),
  bytes: count,
  more: z.enum(['frames', 'pages']).optional().catch(undefined),
}) satisfies z.ZodType<PictureInfo>

/**
 * A picture of the library. `name` is its display name; the file keeps its own. A picture whose file is
 * missing keeps all of this, so nothing is lost when the file is found again.
 */
const documentPicture = z.object({
  id: z.string().default(''),
  name: z.string().default('Picture'),
  info: pictureInfo.prefault({}),
  /**
   * Path relative to the project file's folder, with slashes: where to look if project and pictures were
   * moved together. In an open document, only a missing file has one, and it is absolute: where it was
   * looked for.
   */
  relativePath: z.string().optional(),
  fit: fitSettings.default({ mode: 'cover' }),
  /** Whether its latent is shifted and scaled to mean 0 and standard deviation 1. */
  restandardise: z.boolean().default(false),
  /** Class of its latent under a class-conditional model; other models ignore it. */
  class: classIndex,
  /** The prompt that a text-conditional model encodes it with: what it shows. Other models ignore it. */
  prompt,
})

const named = { id: z.string().default(''), name: z.string().default('Latent') }

/**
 * One part of a mix: the id of another item of the document, and its weight, within `limits.weight` once
 * `settleDocument` has scaled down what a file has beyond it.
 */
const mixPart = z.object({ source: z.string(), weight: z.number().default(1) })

/** References to other items of the document, by id. */
const itemId = z.string().default('')
const itemIds = z.array(z.string()).default([])

/** A latent of the library that does not belong to a picture. */
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
    /** As that of a picture. */
    relativePath: z.string().optional(),
    endTimestep,
    class: classIndex,
    prompt,
  }),
  /** A mix of other items in proportion to their weights: z = sum(w x) / sqrt(sum(w^2)). */
  z.object({ ...named, kind: z.literal('mix'), parts: z.array(mixPart).default([]) }),
  /** Another item moved along the mean of one group minus the mean of another: see `LatentSource`. */
  z.object({
    ...named,
    kind: z.literal('direction'),
    from: itemId,
    plus: itemIds,
    minus: itemIds,
    strength: real(limits.weight, 'strength').default(1),
  }),
  /** Another item moved along a principal direction of a group. */
  z.object({
    ...named,
    kind: z.literal('principal'),
    from: itemId,
    of: itemIds,
    component: whole(limits.component, 'component').default(0),
    strength: real(limits.weight, 'strength').default(1),
  }),
  /** A point on a circle around another item. */
  z.object({
    ...named,
    kind: z.literal('walk'),
    around: itemId,
    seed: whole(limits.seed, 'seed').default(0),
    angle: real(limits.walkAngle, 'angle').default(20),
    turn: real(limits.turn, 'turn').default(0),
  }),
  /** A kind unknown to this version, or a stand-in for an item that only a stop refers to. Kept as it was. */
  z.object({ ...named, kind: z.literal('unknown'), value: z.unknown() }),
])

/** The kinds of latents that this version knows. */
export const latentKinds: readonly string[] = documentLatent.options.map(({ shape }) => shape.kind.value)

/**
 * A stop on the timeline. `source` is the id of a picture or a latent, which may be used at several stops.
 * `prompt` replaces the item's own prompt when it is decoded there.
 */
const documentStop = z.object({ id: z.string().default(''), source: z.string(), prompt })

const documentSegment = z.object({
  frames: whole(limits.segmentFrames, 'frames').default(defaultSegment.frames),
  easing: easing.default(defaultSegment.easing),
  interpolation: z.enum(interpolationIds).default(defaultSegment.interpolation),
  /** The positions of the frames, as even timing measured them: see `Segment`. */
  fractions: z.array(z.number()).readonly().optional(),
  /** What they were measured on: see `measurementBases`. */
  measuredOn: z.string().optional(),
})

/** A named frame to come back to. */
const documentMarker = z.object({ id: z.string().default(''), frame: count, name: z.string().default('') })

/** Stops and the segments between them, as in `Path` of core/timeline: one more segment closes the path. */
const documentTimeline = z.object({
  stops: z.array(documentStop).default([]),
  segments: z.array(documentSegment.prefault({})).default([]),
  /** Whether stops show the original pictures: see `FramePlan`. */
  pinned: z.boolean().default(false),
  fps: real(limits.fps, 'fps').default(20),
  repeat: z.enum(playbackRepeats).default('ping-pong'),
  markers: z.array(documentMarker).default([]),
  /** The frames that exports include; null for all. */
  workArea: frameRange.nullable().default(null),
})

/** The model that the work was done with: found again by its path, identified by its hash. */
const documentModel = z.object({
  name: z.string().default(''),
  sha256: z.string().default(''),
  path: z.string().default(''),
  /** How it was read where not as its configuration says; undefined in files of versions that did not say. */
  reading: modelReading.optional(),
})

/** The part of the window's state that is worth restoring. Changing it is not a change of the work. */
const documentView = z.object({
  view: z.enum(['morph', 'fidelity', 'lab', 'explore']).default('morph'),
  playhead: count,
})

/**
 * A whole document. Values have defaults wherever possible, so one that cannot be read costs only itself; see
 * `readDocument`.
 */
export const studioDocument = z.object({
  format: z.literal('slerp-studio').default('slerp-studio'),
  version: z.int().min(documentVersion),
  /** Version of the program that wrote it; empty if it was never written. */
  app: z.string().default(''),
  /** Null before its model is known. */
  model: documentModel.nullable().default(null),
  pictures: z.array(documentPicture).default([]),
  latents: z.array(documentLatent).default([]),
  timeline: documentTimeline.prefault({}),
  encode: encodeSettings.prefault({}),
  decode: decodeSettings.prefault({}),
  notes: z.string().default(''),
  /** Whether the project file contains the picture files themselves, or only their paths. */
  keepPictures: z.boolean().default(true),
  view: documentView.prefault({}),
  /** The id of the results that its project file brought. Set only while it is open, never saved. */
  projectResults,
})

export type DocumentPicture = Readonly<z.infer<typeof documentPicture>>
export type DocumentLatent = Readonly<z.infer<typeof documentLatent>>
export type DocumentStop = Readonly<z.infer<typeof documentStop>>
export type DocumentMarker = Readonly<z.infer<typeof documentMarker>>
export type DocumentTimeline = Readonly<z.infer<typeof documentTimeline>>
export type DocumentModel = Readonly<z.infer<typeof documentModel>>
/** Never mutated: an edit makes a new document, so a reference serves as a copy. */
export type StudioDocument = Readonly<z.infer<typeof studioDocument>>

/** A document in transit, with everything unknown to this version. Whoever reads it from a file checks it. */
export const uncheckedDocument = z.custom<StudioDocument>(isObject, 'document must be an object')

/** Returns an empty document. */
export function emptyDocument(): StudioDocument {
  return studioDocument.parse({ version: documentVersion })
}
