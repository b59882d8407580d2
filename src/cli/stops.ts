import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import type { LatentSource } from '#shared/settings'
import { conditionFieldsOf, pictureLatentOf, type PictureLatentOptions } from './options'

/** How the stops of a path are named on the command line, for the help of its commands. */
export const stopsHelp =
  'a picture, a latent file (.safetensors, .npy, .npz, .pt), seed:42, or a mix such as mix:a.png,2*seed:7'

const latentEnding = /\.(safetensors|npy|npz|pt|pth)$/i
/** A number in front of a part of a mix, and the rest. */
const weighted = /^(-?(?:\d+\.?\d*|\.\d+))\*(.+)$/

/**
 * The latent that a word of the command line stands for: `seed:` and a number, `mix:` and parts by comma, each with its
 * weight and `*` in front where that is not 1, a latent file by its ending, or else a picture. A file whose name begins
 * with one of these words is named with `./` in front.
 *
 * @throws StudioError BAD_INPUT for a word that makes no sense, and where what is encoded already is to be repaired
 */
export function latentSourceOf(word: string, options: PictureLatentOptions): LatentSource {
  if (word.startsWith('mix:')) return mixOf(word, options)
  if (word.startsWith('seed:')) {
    requireUnrepaired(word, options)
    return { kind: 'seed', seed: seedOf(word), endTimestep: options.end, ...conditionFieldsOf(options) }
  }
  if (!latentEnding.test(word)) return pictureLatentOf(word, options)
  requireUnrepaired(word, options)
  return { kind: 'file', path: word, endTimestep: options.end, ...conditionFieldsOf(options) }
}

function seedOf(word: string): number {
  const seed = Number(word.slice('seed:'.length))
  const { min, max } = limits.seed
  if (/^seed:\d+$/.test(word) && seed >= min && seed <= max) return seed
  throw new StudioError(
    'BAD_INPUT',
    `"${word}" is not a seed: write a whole number after the colon, seed:42.`,
  )
}

function mixOf(word: string, options: PictureLatentOptions): LatentSource {
  const parts = word.slice('mix:'.length).split(',')
  if (parts.some((part) => part.trim() === '')) {
    throw new StudioError(
      'BAD_INPUT',
      `"${word}" has an empty part: write pictures, latent files or seeds by comma, mix:a.png,2*seed:7.`,
    )
  }
  return {
    kind: 'mix',
    parts: parts.map((part) => {
      const [, weight = '1', rest = part] = weighted.exec(part.trim()) ?? []
      return { latent: latentSourceOf(rest.trim(), options), weight: Number(weight) }
    }),
  }
}

function requireUnrepaired(word: string, { restandardise }: PictureLatentOptions): void {
  if (!restandardise) return
  throw new StudioError(
    'BAD_INPUT',
    `--restandardise repairs latents while pictures are encoded, and "${word}" is encoded already: encode its picture with --restandardise and name that file, or leave the option out.`,
  )
}
