import { devices, precisionNames } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

/** The fields of a record that say how something is computed, in words. */
const computing = ['device', 'precision', 'runtime', 'number of threads'] as const
export const computingNames: ReadonlySet<string> = new Set(computing)

/** Returns what decides the values that a device computes, by these names. */
export function computeFields({
  provider,
  device,
  precision,
  runtime,
  threads,
}: ComputeInfo): Readonly<Record<(typeof computing)[number], unknown>> {
  return { device: [provider, device], precision, runtime, 'number of threads': threads }
}

/** Returns the names of the fields that differ between two records of work. */
export function differingFields(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
}

/** The device and runtime that an unfinished job was started with. */
type Begun = Pick<ComputeInfo, 'provider' | 'device' | 'precision' | 'threads' | 'runtime'>

/** Describes the device that computed something, as far as it may affect values and times. */
export function nameCompute({ provider, device, precision, threads }: Omit<Begun, 'runtime'>): string {
  if (provider === 'cpu') return `CPU with ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const exactly = precision !== 'fp32' && precisionNames[precision]
  return [devices[provider].name, device, exactly].filter(Boolean).join(', ')
}

/** Why a job started on another device or runtime cannot be resumed. */
export interface OtherCompute {
  /** The end of a sentence about the work, and what to do. */
  readonly why: string
  /** Whether the same command may continue later, because its device is merely unavailable now. */
  readonly resumable: boolean
}

/**
 * Explains why a job started with another device, precision, runtime or number of threads is not continued.
 *
 * @param now  the device chosen now, with the reason if another one was wanted
 * @param work.differing  names of the fields that differ
 * @param work.instead  what to do if the job cannot continue on the device that started it
 */
export function explainOtherCompute(
  begun: Begun,
  now: ComputeInfo,
  { differing, instead = 'or choose another folder' }: { differing: readonly string[]; instead?: string },
): OtherCompute {
  const isWanted = now.asked === 'auto' || now.asked === begun.provider
  const isRefused = now.reason !== null && now.provider === 'cpu' && begun.provider !== 'cpu'
  if (isWanted && isRefused && now.askedPrecision === begun.precision && !differing.includes('runtime')) {
    return {
      why: `begun on ${nameCompute(begun)}, which is not used now: repeat the command once it is, or choose another folder. ${now.reason}`,
      resumable: true,
    }
  }
  const how = `${nameCompute(begun)}, ${begun.runtime}`
  return {
    why: `begun with another ${differing.join(', ')} (${how}): go on with that, ${instead}.`,
    resumable: false,
  }
}
