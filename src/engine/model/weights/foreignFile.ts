import { StudioError, type ErrorCode } from '#shared/errors'

const conversion =
  'Convert it once in Python: from safetensors.torch import save_file; save_file(torch.load(file, weights_only=True), "diffusion_pytorch_model.safetensors").'

interface ForeignKind {
  readonly matches: (head: Buffer) => boolean
  readonly sentence: string
  /** The sentence to use if a latent was expected, where it differs. */
  readonly ofLatents?: string
}

/** What a clone of a repository contains until its large files are fetched. */
const lfsPointer: ForeignKind = {
  matches: (head) => head.toString('latin1').startsWith('version https://git-lfs'),
  sentence: 'is a Git LFS pointer, not the weights themselves. Run "git lfs pull" in that folder.',
}

/** Kinds of files often found where safetensors was expected, recognised by their first bytes. */
const foreignKinds: readonly ForeignKind[] = [
  {
    matches: (head) => head.length === 0,
    sentence: 'is empty. Download it again.',
  },
  lfsPointer,
  {
    matches: (head) => head.toString('latin1', 0, 4) === 'PK\x03\x04',
    sentence: 'is a file of PyTorch weights (zip). Give it the ending .bin.',
  },
  {
    // A pickle starts with opcode PROTO and its version, 2 to 5; the upper half of a header length is zero.
    matches: (head) =>
      head.length >= 8 && head[0] === 0x80 && head[1] >= 2 && head[1] <= 5 && head.readUInt32LE(4) > 0,
    sentence: `is a pickle checkpoint, which can run code when loaded. ${conversion}`,
    ofLatents:
      'is a pickle, which can run code when loaded. Save the latent as a NumPy array in Python: numpy.save("latent.npy", x).',
  },
  {
    matches: (head) => /^\s*<(!doctype|html|\?xml)/i.test(head.toString('latin1')),
    sentence: 'is a web page, not weights: the download failed. Download it again.',
  },
  {
    matches: (head) =>
      /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF[^]{4}WEBP|[^]{4}ftypavi[fs])/.test(head.toString('latin1')),
    sentence: 'is a picture. Choose a latent or a file of weights; "encode" makes a latent of a picture.',
  },
  {
    matches: (head) => head.toString('latin1', 0, 4) === 'GGUF',
    sentence:
      'is a GGUF file, whose quantised weights are not supported. Choose safetensors or PyTorch weights of 16 or 32 bits.',
  },
]

/**
 * Refuses a Git LFS pointer where raw numbers are expected; these may begin with any other bytes.
 *
 * @param head  the first bytes of the file; 64 are enough
 * @throws StudioError BAD_MODEL
 */
export function refuseLfsPointer(path: string, head: Buffer): void {
  if (lfsPointer.matches(head)) throw new StudioError('BAD_MODEL', `${path} ${lfsPointer.sentence}`)
}

/**
 * Refuses known kinds of files that are not safetensors.
 *
 * @param head  the first bytes of the file; 64 are enough
 * @throws StudioError `code`, saying what the file is and what to do, if its kind is known
 */
export function refuseForeignFile(path: string, head: Buffer, code: ErrorCode): void {
  const kind = foreignKinds.find(({ matches }) => matches(head))
  if (!kind) return
  const { sentence, ofLatents = sentence } = kind
  throw new StudioError(code, `${path} ${code === 'BAD_LATENT' ? ofLatents : sentence}`)
}
