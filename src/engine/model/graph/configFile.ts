import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { isObject } from '#shared/json'

/** The number of layers in a block: the limit exceeds every published network but keeps graphs writable. */
export const layerCount = z.int().min(1).max(1000)

/** A supported diffusers class: the options of its config.json, and which of their values are supported. */
export interface ConfigClass<Schema extends z.ZodObject> {
  readonly className: string
  /** Options under diffusers' own names, with the defaults of the class. */
  readonly schema: Schema
  /** The supported values of options for which diffusers knows more; for a list, those of each element. */
  readonly built: Partial<Record<keyof z.infer<Schema>, readonly unknown[]>>
}

/** Options that diffusers adds to those of a network: they describe weight averaging during training. */
const trainingOptions = [
  'decay',
  'inv_gamma',
  'min_decay',
  'optimization_step',
  'power',
  'update_after_step',
  'use_ema_warmup',
]

/**
 * Checks a config.json option by option and fills in defaults.
 *
 * @param json  content of config.json
 * @param path  of that file, for messages
 * @throws StudioError UNSUPPORTED naming an unsupported class or value; BAD_MODEL for a value of the wrong
 *   kind
 */
export function readConfig<Schema extends z.ZodObject>(
  json: unknown,
  path: string,
  { className, schema, built }: ConfigClass<Schema>,
): z.infer<Schema> {
  const found = classNameOf(json, path) ?? className
  if (found !== className) throw unsupportedOption(path, '_class_name', found, [className])
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw wrongOption(json, path, parsed.error.issues[0])
  const options = parsed.data as Record<string, unknown>
  for (const [option, values] of Object.entries<readonly unknown[] | undefined>(built)) {
    for (const value of [options[option]].flat()) {
      if (!values?.includes(value)) throw unsupportedOption(path, option, value, values ?? [])
    }
  }
  return parsed.data
}

/** Returns the error for an option of the wrong kind, or for one that is needed and was not given. */
function wrongOption(json: unknown, path: string, { path: place, message }: z.core.$ZodIssue): StudioError {
  const [option] = place.map(String)
  // diffusers writes null for what was not given.
  const isGiven = isObject(json) && (json[option] ?? null) !== null
  const sentence = isGiven
    ? `${path}: "${place.join('.')}" is wrong: ${message}; write the value there that the network was trained with.`
    : `${path} lacks "${option}": write the value there that the network was trained with.`
  return new StudioError('BAD_MODEL', sentence)
}

/**
 * Returns the class that a config.json was written by; undefined if it does not say.
 *
 * @throws StudioError BAD_MODEL for a file that holds no options
 */
export function classNameOf(json: unknown, path: string): unknown {
  if (!isObject(json))
    throw new StudioError('BAD_MODEL', `${path} is not a model configuration: download the model again.`)
  return json._class_name
}

/** Returns the options in a config.json that its class does not have. diffusers warns of and ignores them. */
export function unknownOptions(
  json: unknown,
  { schema }: Pick<ConfigClass<z.ZodObject>, 'schema'>,
): string[] {
  if (!isObject(json)) return []
  return Object.keys(json).filter(
    (option) =>
      !(option in schema.shape) &&
      !trainingOptions.includes(option) &&
      !option.startsWith('_') &&
      json[option] !== null,
  )
}

/** Returns the error for a value that diffusers knows but that is not supported here. */
export function unsupportedOption(
  path: string,
  option: string,
  value: unknown,
  built: readonly unknown[],
): StudioError {
  const names = built.map((one) => JSON.stringify(one)).join(', ')
  return new StudioError(
    'UNSUPPORTED',
    `${path}: "${option}" ${JSON.stringify(value)} is not supported, only ${names}: choose another model.`,
  )
}

/**
 * Describes why a state of `sample_size` cannot be halved between all levels of a U-Net, as a clause without a
 * full stop; undefined if it can.
 */
export function unevenSize(size: number | readonly number[], levels: number): string | undefined {
  const factor = 2 ** (levels - 1)
  if ([size].flat().every((side) => side % factor === 0)) return undefined
  return `"sample_size" must be a multiple of ${factor} for ${levels} blocks`
}
