import type { HubSource } from '#shared/reports'

/** The locations of all parts of a model. */
export interface ModelParts {
  /** The name of the folder, or of the graph. */
  readonly id: string
  /** Absolute. Identifies the same model later. */
  readonly path: string
  readonly hub: HubSource | null
  readonly network: NetworkParts
  /** The autoencoder of a latent-diffusion model; null for a pixel-space model. */
  readonly autoencoder: AutoencoderParts | null
  /** The text encoders, in the order in which their tokens are joined; empty for a network without text. */
  readonly textEncoders: readonly TextParts[]
  readonly schedulerConfig: string
  readonly card: string
}

/** A configuration and its weights. */
export interface WeightParts {
  readonly config: string
  /** In a fixed order. */
  readonly weightFiles: readonly string[]
}

/** An autoencoder: weights of a known class, or two graphs exported by another program. */
export type AutoencoderParts =
  | ({ readonly kind: 'diffusers' } & WeightParts)
  | {
      readonly kind: 'exported'
      readonly encoder: string
      readonly decoder: string
      /** The configuration of the autoencoder they were exported from. */
      readonly config: string
    }

/** A text encoder: weights or a graph. */
export type TextParts = {
  readonly config: string
  /** The folder of its tokenizer. */
  readonly tokenizer: string
  /** The files in it that determine the tokens; may be empty, because the empty text needs no vocabulary. */
  readonly tokenizerFiles: readonly string[]
} & (
  | { readonly kind: 'diffusers'; readonly weightFiles: readonly string[] }
  | { readonly kind: 'exported'; readonly graph: string }
)

/** A network: weights of a known architecture, or a graph exported by another program. */
export type NetworkParts =
  | ({ readonly kind: 'diffusers' } & WeightParts)
  | {
      readonly kind: 'exported'
      readonly graph: string
      /** The configuration of the network it was exported from; null if missing. */
      readonly config: string | null
    }
