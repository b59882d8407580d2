import type { ErrorCode } from '#shared/errors'

/** What a PyTorch file is meant to hold. */
export type TorchContent = 'weights' | 'latent'

/** The sentences about a file that cannot be read, to follow its path. */
interface TorchAdvice {
  readonly code: ErrorCode
  /** @param what  a clause: "it …" */
  readonly damaged: (what: string) => string
  /**
   * About a whole file with content of a kind that is not read.
   *
   * @param plain  a Python expression's end that makes a plain tensor: ".to_dense()"
   */
  readonly unread: (what: string, plain: string) => string
  readonly forbidden: (global: string) => string
  readonly outdated: string
}

const convertWeights =
  'Convert it once in Python: load the model with diffusers and save it with save_pretrained(folder, safe_serialization=True).'
const saveTensor = (plain = ''): string =>
  `Save the tensor alone in Python: torch.save(x.detach().cpu()${plain}.float().contiguous(), "latent.pt").`

/** Separate sentences per kind of content: how to convert weights is no help to someone with a latent. */
export const torchAdvice: Readonly<Record<TorchContent, TorchAdvice>> = {
  weights: {
    code: 'BAD_MODEL',
    damaged: (what) => `is not a whole file of PyTorch weights: ${what}. Download or write it again.`,
    unread: (what) => `cannot be read as weights: ${what}. ${convertWeights}`,
    forbidden: (global) =>
      `holds more than weights: it asks for ${global}, which could run code, so nothing was loaded. Save the network's state_dict alone, or convert it in Python with save_pretrained(folder, safe_serialization=True).`,
    outdated: `was written in the format from before PyTorch 1.6, which this program does not read. ${convertWeights}`,
  },
  latent: {
    code: 'BAD_LATENT',
    damaged: (what) => `is not a whole file of a PyTorch tensor: ${what}. ${saveTensor()}`,
    unread: (what, plain) => `cannot be read as a latent: ${what}. ${saveTensor(plain)}`,
    forbidden: (global) =>
      `holds more than a tensor: it asks for ${global}, which could run code, so nothing was loaded. ${saveTensor()}`,
    outdated: `was written in the format from before PyTorch 1.6, which this program does not read. ${saveTensor()}`,
  },
}
