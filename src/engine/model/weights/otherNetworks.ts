import { StudioError } from '#shared/errors'
import type { WeightEntry } from './weightFiles'

/** A kind of published weights that is no diffusion network in diffusers' form, told by its tensors' names. */
interface OtherKind {
  readonly names: RegExp
  /** What a file holds, and what to do. */
  readonly sentence: string
}

/** A file is of the first kind whose names it holds. */
const otherKinds: readonly OtherKind[] = [
  {
    // What PEFT leaves of a network after fuse_lora: its layers beside those of the LoRA.
    names: /\.base_layer\./,
    sentence:
      'a network with the layers of a LoRA still attached: save it again in Python, after fuse_lora() and unload_lora_weights() of its pipeline',
  },
  {
    // Of kohya, diffusers and PEFT.
    names: /^lora_|\.lora_[AB]\.|\.lora[._](down|up)\.|_lora\.(down|up)\./,
    sentence:
      'a LoRA, which changes a model and is none by itself, and which is not supported: choose the folder of a diffusers model',
  },
  {
    // The last is what is left of a network alone, without its prefix.
    names: /^(model\.diffusion_model|first_stage_model|cond_stage_model|conditioner)\.|^input_blocks\./,
    sentence:
      'a checkpoint of a single file, whose layout is not supported: download the model as a diffusers folder, or convert it once in Python with diffusers, by from_single_file(file).save_pretrained(folder) of its pipeline',
  },
  {
    names: /^(encoder|decoder)\.(conv_in|down|up|mid|layers)/,
    sentence:
      'an autoencoder, which is only a part of a model: choose the folder that holds its diffusion network too',
  },
]

/**
 * Refuses weights of another kind than a diffusion network before they are compared with its configuration.
 *
 * @throws StudioError UNSUPPORTED, saying what the file holds and what to do
 */
export function refuseOtherNetwork(entries: ReadonlyMap<string, WeightEntry>): void {
  for (const { names, sentence } of otherKinds) {
    const found = [...entries].find(([name]) => names.test(name))
    if (found) throw new StudioError('UNSUPPORTED', `${found[1].file} holds ${sentence}.`)
  }
}
