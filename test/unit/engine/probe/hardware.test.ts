import { afterEach, describe, expect, it, vi } from 'vitest'
import { describeHardware } from '#engine/probe/hardware'
import { standInForNvidiaSmi } from '../../../fixtures/nvidiaSmi'

const gibibyte = 2 ** 30
const small = 'GPU-a, NVIDIA T400, 2048'
const large = 'GPU-b, NVIDIA RTX A6000, 49152'
const otherLarge = 'GPU-c, NVIDIA RTX A6000, 49152'

/** Lets nvidia-smi list these cards, and these processes with the cards that they compute on. */
function listing(cards: readonly string[], processes: readonly string[]): void {
  const answer = (rows: readonly string[]) => rows.map((row) => `echo '${row}'`).join('; ') || ':'
  standInForNvidiaSmi(`case "$1" in
--query-gpu=gpu_uuid,name,memory.total) ${answer(cards)} ;;
--query-compute-apps=pid,gpu_uuid) ${answer(processes)} ;;
*) exit 2 ;;
esac`)
}

afterEach(() => vi.unstubAllEnvs())

// Shell scripts stand in for NVIDIA's program.
describe.skipIf(process.platform === 'win32')('the card of CUDA', () => {
  const own = (card: string) => `${process.pid}, ${card}`
  const a6000 = { device: 'NVIDIA RTX A6000', memoryBytes: 48 * gibibyte }
  const unknown = { device: null, memoryBytes: null }

  it.each([
    ['that this process uses, not the first (would catch batches for another card)', [small, large], [own('GPU-b')], a6000], // prettier-ignore
    ['not that of another process', [small, large], [`1${process.pid}, GPU-a`, own('GPU-b')], a6000],
    ['the only one, where the process is not found', [large], [], a6000],
    ['that of all, where they are alike', [large, otherLarge], [], a6000],
    ['unknown among unlike ones', [small, large], [`1${process.pid}, GPU-a`], unknown],
    ['unknown where none is listed', [], [], unknown],
    ['known without its memory', ['GPU-d, NVIDIA GB10, [N/A]'], [], { device: 'NVIDIA GB10', memoryBytes: null }], // prettier-ignore
  ])('is %s', async (_, cards, processes, expected) => {
    listing(cards, processes)
    expect(await describeHardware('cuda')).toEqual(expected)
  })

  it('is unknown where nvidia-smi fails', async () => {
    standInForNvidiaSmi('exit 9')
    expect(await describeHardware('cuda')).toEqual(unknown)
  })
})
