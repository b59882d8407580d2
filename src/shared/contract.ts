import { z } from 'zod'
import type { EncodeReport, ExportReport, FrameReport, LatentReport, ModelInfo, PictureInfo } from './reports'
import {
  decodeSettings,
  encodeSettings,
  exportTarget,
  framePlan,
  latentSource,
  modelSource,
  pictureSource,
} from './settings'

/** One row of the table: what goes in (checked at the border) and what comes out (typed only). */
export interface Route<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly output?: Output
}

function route<Output>() {
  return <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ input })
}

/** What the engine process does. Every request is self-contained: a fresh engine gives it the same answer. */
export const engineRoutes = {
  /** Reads configuration, card and weight headers; loads no weights. */
  'model.info': route<ModelInfo>()(z.object({ model: modelSource })),
  'picture.info': route<PictureInfo>()(z.object({ path: z.string().min(1) })),
  /** What the model will see of a picture, as PNG, `size` pixels a side. */
  'picture.preview': route<Uint8Array>()(
    z.object({ picture: pictureSource, size: z.int().min(1).max(1024) }),
  ),
  /** Encodes a picture, decodes it back and measures both the way back and the latent. */
  'latent.encode': route<EncodeReport>()(
    z.object({
      model: modelSource,
      picture: pictureSource,
      encode: encodeSettings,
      decode: decodeSettings,
      previews: z.boolean().default(false),
    }),
  ),
  'latent.info': route<LatentReport>()(z.object({ model: modelSource, latent: latentSource })),
  'latent.save': route<LatentReport>()(
    z.object({
      model: modelSource,
      latent: latentSource,
      decode: decodeSettings,
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
    }),
  ),
  /** One frame of a plan, as PNG. */
  'animation.frame': route<FrameReport>()(
    z.object({ model: modelSource, plan: framePlan, index: z.int().min(0), decode: decodeSettings }),
  ),
  /** All frames of a plan, into files. Repeating an interrupted request resumes it. */
  'animation.export': route<ExportReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget,
      batch: z.int().min(1).max(256).default(8),
    }),
  ),
} as const

export type EngineRoutes = typeof engineRoutes
export type EngineRouteName = keyof EngineRoutes

/** What a caller may send: defaults may be left out. */
export type RouteInput<R> = R extends Route<infer I, unknown> ? z.input<I> : never
/** What a handler gets: parsed, defaults filled in. */
export type RouteRequest<R> = R extends Route<infer I, unknown> ? z.output<I> : never
export type RouteOutput<R> = R extends Route<z.ZodType, infer O> ? O : never
