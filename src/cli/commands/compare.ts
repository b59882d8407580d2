import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { meanPsnr, type MeanPsnr } from '#core/diffusion/fidelity'
import { formatMeanPsnr } from '#core/format/quantities'
import { meanOf } from '#core/numbers/mean'
import { makeTemporaryFolder } from '#files/temporaryFolder'
import { isReplaced } from '#shared/devices'
import { StudioError } from '#shared/errors'
import type { ComputeInfo, LatentReport } from '#shared/reports'
import { withEngine, type EngineCall } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import { decodeSettingsOf } from '../diffusionOptions'
import { modelOf } from '../modelOptions'
import { addPictureLatentOptions, pictureLatentOf, type PictureLatentOptions } from '../pictureOptions'
import { describeCompute } from '../output'
import { somePaths } from '../parsers'
import { alignColumns, printResult } from '../terminal'

/** A picture encoded and decoded again. */
interface Encoded {
  /** Its latent file. */
  readonly path: string
  readonly report: LatentReport
}

/** The results of one device over all pictures. */
export interface ComparedSide extends Readonly<MeanPsnr> {
  readonly compute: ComputeInfo
  /** Mean over the pictures of the squared error of the round trip on [0, 1]. */
  readonly mse: number
  readonly secondsPerPicture: number
}

/** The results of both devices on the same pictures. */
export interface Comparison {
  readonly pictures: number
  readonly cpu: ComparedSide
  readonly device: ComparedSide
  /** Per picture: the largest difference between its two latents, in standard deviations of the CPU's. */
  readonly differences: readonly number[]
}

/** `compare IMG …`: how far a device at a given precision is from the CPU on one's own model and pictures. */
export function addCompareCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('compare')
    .description(
      'encode pictures on the CPU and on --device at --precision, and show how much the results differ',
    )
    .argument('<pictures...>', 'PNG, JPEG, WebP, GIF, AVIF, HEIC or TIFF', somePaths)
  addPictureLatentOptions(command).action((pictures: string[], options: PictureLatentOptions) =>
    withEngine(installation, async (call) => {
      const result = await compareWithCpu(call, installation, pictures, options)
      printResult(options.json ?? false, { ok: true, ...result }, describe(pictures, result))
    }),
  )
}

/**
 * Encodes pictures on the device or server that the options name, and on the CPU of this machine.
 *
 * @throws StudioError UNWRITABLE if there is no folder for temporary files; UNSUPPORTED if the options name the CPU
 *   or fell back to it; whatever encoding throws
 */
export async function compareWithCpu(
  call: EngineCall,
  installation: CommandEnvironment,
  pictures: readonly string[],
  options: PictureLatentOptions,
): Promise<Comparison> {
  const folder = makeTemporaryFolder('slerp-studio-compare-')
  const encodeAll = async (side: string, chosen: PictureLatentOptions, check = allowAny) => {
    const encoded: Encoded[] = []
    for (const [i, picture] of pictures.entries()) {
      const path = join(folder, `${side}-${i}.safetensors`)
      const report = await call('latent.save', {
        model: modelOf(installation, chosen),
        latent: pictureLatentOf(picture, chosen),
        decode: decodeSettingsOf(chosen),
        path,
      })
      check(report.compute!)
      encoded.push({ path, report })
    }
    return encoded
  }
  try {
    const theirs = await encodeAll('device', options, requireDevice)
    const onCpu = { ...options, device: 'cpu', precision: 'fp32', server: undefined } as const
    const reference = await encodeAll('cpu', onCpu)
    const differences: number[] = []
    for (const [i, { path }] of reference.entries()) {
      differences.push(await call('latent.difference', { reference: path, other: theirs[i].path }))
    }
    return { pictures: pictures.length, cpu: summarise(reference), device: summarise(theirs), differences }
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

const allowAny = (_compute: ComputeInfo): void => undefined

/** Never compares the CPU with itself: if a device does not work, the command says so and fails. */
function requireDevice(compute: ComputeInfo): void {
  if (compute.provider !== 'cpu' && !isReplaced(compute)) return
  const reason =
    compute.reason ??
    'Everything ran on the CPU: choose another device from those that slerp-studio devices lists.'
  throw new StudioError('UNSUPPORTED', `There is nothing to compare the CPU with. ${reason}`)
}

function summarise(side: readonly Encoded[]): ComparedSide {
  const mean = (of: (report: LatentReport) => number) => meanOf(side.map(({ report }) => of(report)))
  return {
    compute: side[0].report.compute!,
    mse: mean(({ fidelity }) => fidelity!.mse),
    ...meanPsnr(side.map(({ report }) => report.fidelity!.mse)),
    secondsPerPicture: mean(({ seconds }) => seconds),
  }
}

function describe(pictures: readonly string[], { cpu, device, differences }: Comparison): string[] {
  const largest = Math.max(...differences)
  const worst = basename(pictures[differences.indexOf(largest)])
  const row = (side: ComparedSide) => [
    describeCompute(side.compute),
    formatMeanPsnr(side, (psnr) => psnr.toFixed(2)),
    side.mse.toExponential(3),
    side.secondsPerPicture.toFixed(2),
  ]
  return [
    ...alignColumns([['', 'PSNR, dB', 'MSE', 'seconds to encode one'], row(cpu), row(device)]),
    `${pictures.length === 1 ? 'The two latents' : `The two latents of each of the ${pictures.length} pictures`} differ by at most ${largest.toExponential(1)} of their standard deviation (${worst}).`,
  ]
}
