import { z } from 'zod'
import type { EncodeReport, LatentReport, PictureInfo } from '../../reports'
import type { TensorFileKind } from '../../fileKinds'
import { classIndex, prompts } from '../../condition'
import { latentSource } from '../../latentSource'
import { modelSource, projectResults } from '../../modelSource'
import { pictureSource } from '../../pictureSource'
import { decodeSettings, encodeSettings } from '../../settings'
import { route } from '../route'

const previewSide = z.int().min(1).max(1024)

/** Pictures, and latents that are encoded from them or come from elsewhere. */
export const latentRoutes = {
  'picture.info': route<PictureInfo>()(z.object({ path: z.string().min(1) })),
  /** What a model of this width and height, in pixels, would see of a picture: a PNG of that size. */
  'picture.preview': route<Uint8Array>()(
    z.object({ picture: pictureSource, width: previewSide, height: previewSide, projectResults }),
  ),
  /** Encodes a picture, decodes it again, and measures both the reconstruction and the latent. */
  'latent.encode': route<EncodeReport>()(
    z.object({
      model: modelSource,
      picture: pictureSource,
      encode: encodeSettings,
      restandardise: z.boolean().default(false),
      class: classIndex,
      ...prompts,
      decode: decodeSettings,
      previews: z.boolean().default(false),
    }),
  ),
  'latent.info': route<LatentReport>()(z.object({ model: modelSource, latent: latentSource })),
  /** Whether a file holds a latent or a network's weights. */
  'latent.fileKind': route<TensorFileKind>()(z.object({ path: z.string().min(1) })),
  'latent.save': route<LatentReport>()(
    z.object({
      model: modelSource,
      latent: latentSource,
      decode: decodeSettings,
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
    }),
  ),
  /** Returns the largest difference between two latent files, in standard deviations of the reference. */
  'latent.difference': route<number>()(z.object({ reference: z.string().min(1), other: z.string().min(1) })),
} as const
