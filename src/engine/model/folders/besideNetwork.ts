import { dirname, join } from 'node:path'
import { StudioError } from '#shared/errors'
import { readJson } from '#files/fileAccess'
import { findWeightFiles, holdsWeights } from '../weights/weightFiles'
import { graphIn } from './graphIn'
import { findPart, namesIn } from './onDisk'
import type { AutoencoderParts, TextParts } from './parts'

/** The folders in which diffusers puts an autoencoder. */
const autoencoderFolders = ['vae', 'vqvae']
/** The folders in which optimum and others put the two halves of an exported autoencoder. */
const [encoderFolder, decoderFolder] = ['vae_encoder', 'vae_decoder']
/** Both halves of an exported autoencoder have the same configuration; diffusers writes it for the whole. */
const exportedConfigs = [decoderFolder, encoderFolder, ...autoencoderFolders].map(
  (name) => `${name}/config.json`,
)
/** Each text encoder with its tokenizer. */
const textFolders = [
  ['text_encoder', 'tokenizer'],
  ['text_encoder_2', 'tokenizer_2'],
] as const

/**
 * Finds the autoencoder next to a network, or the one that its pipeline names. Its weights are preferred to
 * graphs: published folders hold both, and graphs without the configuration that they need.
 *
 * @param folder  of the whole model
 * @throws StudioError BAD_MODEL if the pipeline names one that is missing, or if half of an exported one is
 *   missing: otherwise the network would be taken for a pixel-space one
 */
export async function findAutoencoder(folder: string): Promise<AutoencoderParts | null> {
  const config = await findPart(
    folder,
    autoencoderFolders.map((name) => `${name}/config.json`),
  )
  const isWhole = config !== null && holdsWeights(await namesIn(dirname(config)))
  const exported = isWhole ? null : await findExportedAutoencoder(folder)
  if (exported) return exported
  if (config) return { kind: 'diffusers', config, weightFiles: await findWeightFiles(dirname(config)) }
  const index = await findPart(folder, ['model_index.json'])
  const pipeline = index === null ? null : await readJson(index, 'BAD_MODEL')
  const named = [...autoencoderFolders, encoderFolder, decoderFolder].find((name) => isPart(pipeline, name))
  if (named === undefined) return null
  return refuse(`${folder} lacks "${named}", which its model_index.json names: download the whole model.`)
}

async function findExportedAutoencoder(folder: string): Promise<AutoencoderParts | null> {
  const [encoder, decoder] = await Promise.all(
    [encoderFolder, decoderFolder].map((name) => graphIn(join(folder, name))),
  )
  if (encoder === null && decoder === null) return null
  if (encoder === null || decoder === null) {
    const missing = encoder === null ? encoderFolder : decoderFolder
    return refuse(`${folder} lacks the graph of its autoencoder in "${missing}": both halves are needed.`)
  }
  const config = await findPart(folder, exportedConfigs)
  if (config) return { kind: 'exported', encoder, decoder, config }
  return refuse(
    `${folder} does not say how its autoencoder scales states: put the config.json of the autoencoder into "${decoderFolder}".`,
  )
}

/** Finds the text encoders next to a network, in the order in which their tokens are concatenated. */
export async function findTextEncoders(folder: string): Promise<TextParts[]> {
  const found: TextParts[] = []
  for (const [encoder, tokenizerFolder] of textFolders) {
    const config = await findPart(folder, [`${encoder}/config.json`])
    if (config === null) continue
    const graph = await graphIn(dirname(config))
    const tokenizer = join(folder, tokenizerFolder)
    const common = { config, tokenizer, tokenizerFiles: await tokenizerFilesIn(tokenizer) }
    found.push(
      graph === null
        ? { ...common, kind: 'diffusers', weightFiles: await findWeightFiles(dirname(config)) }
        : { ...common, kind: 'exported', graph },
    )
  }
  return found
}

/** Lists the files that determine the tokens, in a fixed order. */
async function tokenizerFilesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  const vocabulary = names.includes('tokenizer.json') ? ['tokenizer.json'] : ['vocab.json', 'merges.txt']
  return [...vocabulary, 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json']
    .filter((name) => names.includes(name))
    .map((name) => join(folder, name))
}

/** Returns whether a pipeline names a part, as [library, class]. */
function isPart(pipeline: unknown, name: string): boolean {
  const entry = (pipeline as Record<string, unknown> | null)?.[name]
  return Array.isArray(entry) && typeof entry[1] === 'string'
}

function refuse(sentence: string): never {
  throw new StudioError('BAD_MODEL', sentence)
}
