import { type AddedConfig, parseConditionUNetConfig } from './conditionUnetConfig'
import { textTokens, writeConditionUNet } from './conditionUnetGraph'
import { classNameOf, unknownOptions, unsupportedOption } from './configFile'
import type { WriteNetwork } from './networkGraph'
import { conditionUnetClass } from './rawConditionUnetConfig'
import { unetClass } from './rawUnetConfig'
import type { SinusoidOptions } from './timeEmbedding'
import { parseUNetConfig } from './unetConfig'
import { writeServedUNet, writeUNet } from './unetGraph'

/** A U-Net of any class, read from its configuration. */
export interface UNet {
  readonly channels: number
  /** Channels of its output: those of the state, or twice as many if it also predicts a learned variance. */
  readonly outChannels: number
  readonly height: number
  readonly width: number
  /** The number of classes; null for a network without classes. */
  readonly classCount: number | null
  /** The text input; null for a network without text. */
  readonly text: TextIntake | null
  readonly sinusoids: SinusoidOptions
  /** Options in the file that its class does not have. */
  readonly unknownOptions: readonly string[]
  readonly write: (batch: number) => WriteNetwork
  /** Writes it for servers, with timesteps as input; null for networks that are not served. */
  readonly writeServed: ((timesteps: number) => WriteNetwork) | null
}

/** What a network takes from a text. */
export interface TextIntake {
  /** Channels of a token; null if unknown. */
  readonly channels: number | null
  /** The number of tokens; null if unknown. */
  readonly tokens: number | null
  /** Whether it also takes the pooled text embedding and the sizes of the picture. */
  readonly isPooled: boolean
  /** The vector of those; null if it takes none, or one of unknown length. */
  readonly added: AddedConfig | null
}

/**
 * Reads the configuration of a U-Net. A file that does not name its class is assumed to be a `UNet2DModel`.
 *
 * @param json  content of config.json
 * @param path  of that file, for messages
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function readUNet(json: unknown, path: string): UNet {
  const className = classNameOf(json, path) ?? unetClass.className
  if (className === unetClass.className) {
    const config = parseUNetConfig(json, path)
    return {
      ...config,
      text: null,
      sinusoids: config,
      unknownOptions: unknownOptions(json, unetClass),
      write: (batch) => writeUNet(config, batch),
      writeServed: (timesteps) => writeServedUNet(config, timesteps),
    }
  }
  if (className === conditionUnetClass.className) {
    const config = parseConditionUNetConfig(json, path)
    return {
      ...config,
      classCount: null,
      text: {
        channels: config.textChannels,
        tokens: textTokens,
        isPooled: config.added !== null,
        added: config.added,
      },
      sinusoids: config,
      unknownOptions: unknownOptions(json, conditionUnetClass),
      write: (batch) => writeConditionUNet(config, batch),
      writeServed: null,
    }
  }
  throw unsupportedOption(path, '_class_name', className, [unetClass.className, conditionUnetClass.className])
}
