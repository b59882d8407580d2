import type { HubSource } from '#shared/reports'

/** Where everything of a model is. */
export interface ModelParts {
  /** Name of the folder, or of the graph. */
  readonly id: string
  /** Absolute: what names the same model again. */
  readonly path: string
  readonly hub: HubSource | null
  readonly network: NetworkParts
  /** Of latent diffusion, what makes states of pictures; null for a model of pixels. */
  readonly autoencoder: AutoencoderParts | null
  /** Of a network that is shown texts, in the order in which their tokens are joined; none of any other. */
  readonly textEncoders: readonly TextParts[]
  readonly schedulerConfig: string
  readonly card: string
}

/** A configuration, and the weights that belong to it. */
export interface WeightParts {
  readonly config: string
  /** In an order that is always the same. */
  readonly weightFiles: readonly string[]
}

/** An autoencoder comes as weights of a known class, or as two graphs that another program exported. */
export type AutoencoderParts =
  | ({ readonly kind: 'diffusers' } & WeightParts)
  | {
      readonly kind: 'exported'
      readonly encoder: string
      readonly decoder: string
      /** Of the autoencoder they were exported from. */
      readonly config: string
    }

/** A text encoder comes as weights or as a graph. */
export type TextParts = {
  readonly config: string
  /** Folder of its tokenizer. */
  readonly tokenizer: string
  /** The files there that tokens follow from; none where nothing is there, for the empty text needs no words. */
  readonly tokenizerFiles: readonly string[]
} & (
  | { readonly kind: 'diffusers'; readonly weightFiles: readonly string[] }
  | { readonly kind: 'exported'; readonly graph: string }
)

/** A network comes as weights of a known architecture, or as a graph that another program exported. */
export type NetworkParts =
  | ({ readonly kind: 'diffusers' } & WeightParts)
  | {
      readonly kind: 'exported'
      readonly graph: string
      /** Of the network it was exported from; null when that is not there. */
      readonly config: string | null
    }
