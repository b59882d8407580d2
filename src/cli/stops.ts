import { StudioError } from '#shared/errors'
import { isLatentFile, latentEndings } from '#shared/fileKinds'
import { limits } from '#shared/limits'
import type { LatentSource } from '#shared/latentSource'
import { conditionFieldsOf } from './conditionOptions'
import { pictureLatentOf, type PictureLatentOptions } from './pictureOptions'

/** How to name the stops of a path on the command line, for the help of its commands. */
export const stopsHelp = `a picture, a latent file (${latentEndings}), seed:42, or a mix such as mix:a.png,2*seed:7`

/** What a stop on the command line names. */
export type StopWord =
  | { readonly kind: 'picture'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'mix'; readonly parts: readonly { readonly word: string; readonly weight: number }[] }

/** A weight in front of a part of a mix, and the rest. */
const weighted = /^(-?(?:\d+\.?\d*|\.\d+))\*(.+)$/

/**
 * Parses a stop: `seed:` and a number; `mix:` and parts separated by commas, each preceded by its weight and
 * `*` unless that is 1; a latent file, by its ending; otherwise a picture. A file whose name begins with one
 * of these words needs `./` in front.
 *
 * @throws StudioError BAD_INPUT for a word that makes no sense
 */
export function readStopWord(word: string): StopWord {
  if (word.startsWith('mix:')) return { kind: 'mix', parts: partsOfMix(word) }
  if (word.startsWith('seed:')) return { kind: 'seed', seed: seedOf(word) }
  return isLatentFile(word) ? { kind: 'file', path: word } : { kind: 'picture', path: word }
}

/**
 * Returns the latent that a stop on the command line stands for.
 *
 * @throws StudioError BAD_INPUT as {@link readStopWord}, and if an already encoded latent is to be repaired
 */
export function latentSourceOf(word: string, options: PictureLatentOptions): LatentSource {
  const stop = readStopWord(word)
  if (stop.kind === 'picture') return pictureLatentOf(word, options)
  if (stop.kind === 'mix') {
    requireFewParts(`"${word}"`, stop.parts)
    const parts = stop.parts.map((part) => ({
      latent: latentSourceOf(part.word, options),
      weight: part.weight,
    }))
    return { kind: 'mix', parts }
  }
  requireUnrepaired(word, options)
  return { ...stop, endTimestep: options.end, ...conditionFieldsOf(options) }
}

/** @throws StudioError BAD_INPUT for more latents in one place than are mixed */
export function requireFewParts(place: string, parts: readonly unknown[]): void {
  const { max } = limits.mixParts
  if (parts.length <= max) return
  throw new StudioError('BAD_INPUT', `${place} names ${parts.length} latents: name at most ${max}.`)
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

function partsOfMix(word: string): { word: string; weight: number }[] {
  const parts = word.slice('mix:'.length).split(',')
  if (parts.some((part) => part.trim() === '')) {
    throw new StudioError(
      'BAD_INPUT',
      `"${word}" has an empty part: separate pictures, latent files or seeds with commas, as in mix:a.png,2*seed:7.`,
    )
  }
  return parts.map((part) => {
    const [, weight = '1', rest = part] = weighted.exec(part.trim()) ?? []
    requireWeight(word, weight)
    if (rest.trim().startsWith('mix:')) {
      throw new StudioError(
        'BAD_INPUT',
        `"${word}" names a mix within a mix: name the latents themselves, with their weights.`,
      )
    }
    return { word: rest.trim(), weight: Number(weight) }
  })
}

function requireWeight(word: string, weight: string): void {
  const { min, max } = limits.weight
  if (Number(weight) >= min && Number(weight) <= max) return
  throw new StudioError(
    'BAD_INPUT',
    `"${word}" has the weight ${weight}: weights of a mix are from ${min} to ${max}.`,
  )
}

function requireUnrepaired(word: string, { restandardise }: PictureLatentOptions): void {
  if (!restandardise) return
  throw new StudioError(
    'BAD_INPUT',
    `--restandardise works while pictures are encoded, and "${word}" is already encoded: encode its picture with --restandardise and use that file, or leave the option out.`,
  )
}
