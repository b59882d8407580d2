import { expect, it } from 'vitest'
import { chooseFiles } from '../../../src/download/chooseFiles'

const weights = 'diffusion_pytorch_model'

/** Layouts of published repositories: the files to download, and the others. */
const layouts: Record<string, { wanted: string[]; others: string[] }> = {
  'the oldest models, with all in one folder': {
    wanted: ['README.md', 'config.json', 'model_index.json', 'scheduler_config.json', `${weights}.bin`],
    others: ['.gitattributes', 'images/generated_image_0.png', 'runs/events.out'],
  },
  'a pipeline in both formats': {
    wanted: [
      'model_index.json',
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.safetensors`,
    ],
    others: [`unet/${weights}.bin`, `unet/${weights}.fp16.safetensors`, 'samples/1.png', 'optimizer.pt'],
  },
  'averaged weights beside those in use': {
    wanted: [
      'model_index.json',
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.bin`,
    ],
    others: ['unet_ema/config.json', `unet_ema/${weights}.bin`, 'checkpoint-500/unet/config.json'],
  },
  'averaged weights alone': {
    wanted: ['scheduler/scheduler_config.json', 'unet_ema/config.json', `unet_ema/${weights}.safetensors`],
    others: ['random_states_0.pkl'],
  },
  'half precision alone': {
    wanted: ['scheduler/scheduler_config.json', 'unet/config.json', `unet/${weights}.fp16.safetensors`],
    others: [`unet/${weights}.fp16.bin`],
  },
  'plain weights of PyTorch beside variants as safetensors': {
    wanted: [
      'scheduler/scheduler_config.json',
      'text_encoder/pytorch_model.bin',
      'unet/config.json',
      `unet/${weights}.bin`,
    ],
    others: [
      'text_encoder/model.fp16.safetensors',
      `unet/${weights}.non_ema.safetensors`,
      `unet/${weights}.fp16.safetensors`,
    ],
  },
  'shards of PyTorch beside a variant as safetensors': {
    wanted: [
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.bin.index.json`,
      `unet/${weights}-00001-of-00002.bin`,
      `unet/${weights}-00002-of-00002.bin`,
    ],
    others: [`unet/${weights}.fp16.safetensors`],
  },
  shards: {
    wanted: [
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.safetensors.index.json`,
      `unet/${weights}-00001-of-00002.safetensors`,
      `unet/${weights}-00002-of-00002.safetensors`,
    ],
    others: [
      `unet/${weights}.safetensors.index.fp16.json`,
      `unet/${weights}.fp16-00001-of-00002.safetensors`,
      `unet/${weights}.fp16-00002-of-00002.safetensors`,
    ],
  },
  'shards without an index beside a variant and an unfinished set of them': {
    wanted: [
      'scheduler/scheduler_config.json',
      'text_encoder/model-00001-of-00001.fp16.safetensors',
      'unet/config.json',
      `unet/${weights}-00001-of-00002.bin`,
      `unet/${weights}-00002-of-00002.bin`,
    ],
    others: [
      `unet/${weights}-00002-of-00002.safetensors`,
      `unet/${weights}.fp16-00001-of-00002.bin`,
      `unet/${weights}.fp16-00002-of-00002.bin`,
      'unet/optimizer-00001-of-00001.bin',
    ],
  },
  'shards of PyTorch without an index beside those of a variant as safetensors': {
    wanted: [
      'scheduler/scheduler_config.json',
      'text_encoder/pytorch_model-00001-of-00001.bin',
      'unet/config.json',
      `unet/${weights}-00001-of-00002.bin`,
      `unet/${weights}-00002-of-00002.bin`,
    ],
    others: [
      'text_encoder/model-00001-of-00001.fp16.safetensors',
      `unet/${weights}.fp16-00001-of-00002.safetensors`,
      `unet/${weights}.fp16-00002-of-00002.safetensors`,
    ],
  },
  'shards without an index beside a whole variant and an indexed one': {
    wanted: [
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}-00001-of-00001.safetensors`,
      'vae/config.json',
      `vae/${weights}-00001-of-00001.bin`,
    ],
    others: [
      `unet/${weights}.fp16.safetensors`,
      `unet/${weights}-00001-of-00001.bin`,
      `vae/${weights}.safetensors.index.fp16.json`,
      `vae/${weights}.fp16-00001-of-00001.safetensors`,
    ],
  },
  'a plain file of PyTorch beside shards without an index': {
    wanted: ['scheduler/scheduler_config.json', 'unet/config.json', `unet/${weights}.bin`],
    others: [`unet/${weights}-00001-of-00001.safetensors`],
  },
  'an autoencoder in shards without an index, with graphs of it': {
    wanted: [
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.safetensors`,
      'vae/config.json',
      `vae/${weights}-00001-of-00002.safetensors`,
      `vae/${weights}-00002-of-00002.safetensors`,
    ],
    others: ['vae_decoder/model.onnx', 'vae_encoder/model.onnx'],
  },
  'latent diffusion': {
    wanted: [
      'model_index.json',
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.bin`,
      'vqvae/config.json',
      `vqvae/${weights}.bin`,
    ],
    others: ['v1.ckpt'],
  },
  'Stable Diffusion': {
    wanted: [
      'README.md',
      'model_index.json',
      'scheduler/scheduler_config.json',
      'text_encoder/config.json',
      'text_encoder/model.safetensors',
      'tokenizer/merges.txt',
      'tokenizer/vocab.json',
      'unet/config.json',
      `unet/${weights}.safetensors`,
      'vae/config.json',
      `vae/${weights}.safetensors`,
    ],
    others: [
      'feature_extractor/preprocessor_config.json',
      'safety_checker/config.json',
      'safety_checker/model.safetensors',
      'text_encoder/model.fp16.safetensors',
      'text_encoder/pytorch_model.bin',
      `unet/${weights}.non_ema.safetensors`,
      'v1-5-pruned.ckpt',
      'v1-5-pruned.safetensors',
    ],
  },
  'Stable Diffusion XL, with graphs of each part': {
    wanted: [
      'model_index.json',
      'scheduler/scheduler_config.json',
      'unet/config.json',
      `unet/${weights}.safetensors`,
      'vae/config.json',
      `vae/${weights}.safetensors`,
    ],
    others: [
      'unet/model.onnx',
      'unet/model.onnx_data',
      'vae_decoder/config.json',
      'vae_decoder/model.onnx',
      'vae_decoder/openvino_model.bin',
      'vae_encoder/config.json',
      'vae_encoder/model.onnx',
    ],
  },
  'exported graphs': {
    wanted: [
      'model_index.json',
      'scheduler/scheduler_config.json',
      'unet/config.json',
      'unet/model.onnx',
      'unet/model.onnx_data',
      'vae_decoder/model.onnx',
      'vae_encoder/model.onnx',
    ],
    others: ['unet/notes.md'],
  },
}

it.each(Object.entries(layouts))(
  'chooses exactly the files that the program needs: %s',
  (_, { wanted, others }) => {
    expect(chooseFiles([...others, ...wanted])?.sort()).toEqual([...wanted].sort())
  },
)

it.each([
  ['a language model', ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']],
  [
    'a transformer of diffusion',
    ['model_index.json', 'scheduler/scheduler_config.json', `transformer/${weights}.safetensors`],
  ],
  ['a single file', ['v1-5-pruned.ckpt']],
  ['shards of which one is missing', ['unet/config.json', `unet/${weights}-00001-of-00002.safetensors`]],
  ['nothing', []],
])('finds no network in %s', (_, paths) => {
  expect(chooseFiles(paths)).toBeNull()
})
