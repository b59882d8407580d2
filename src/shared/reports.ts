/** Plain results that travel between processes. Small by design: numbers and encoded pictures, never latents. */
import type { Fidelity, FidelityParts } from '#core/diffusion/fidelity'
import type { LatentAdvice } from '#core/diffusion/latentAdvice'
import type { ChannelStatistics, LatentStatistics } from '#core/diffusion/latentStatistics'
import type { RoundTripForecast } from '#core/diffusion/roundTripForecast'
import type { PredictionType } from '#core/diffusion/schedulerConfig'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { Segment } from '#core/timeline/path'
import type { Placement } from './devices'
import type { ExportFormat } from './exportFormats'

/** One input of a network, as its file has it. */
export interface NetworkInput {
  role: 'state' | 'timestep' | 'class' | 'text'
  name: string
  /** "float32", "int64", … */
  type: string
  /** A number a side; a text for one that is left open. */
  shape: (number | string)[]
}

/** Where in the Hugging Face hub a model comes from. */
export interface HubSource {
  /** Repository id. */
  readonly repository: string
  /** 40 hex digits. */
  readonly commit: string
}

/** What a model says of itself in its headers. */
export interface ModelHeaders {
  /** Folder name, the short name people see. */
  id: string
  path: string
  /** What it is a snapshot of; null for a model that does not lie in the Hugging Face cache. */
  hub: HubSource | null
  /** SHA-256 of alphasCumprod and the prediction type, hex: latents of equal hashes mean the same noise levels. */
  scheduleHash: string
  /** What goes in and comes out: grey or RGB, in pixels. */
  picture: { channels: 1 | 3; height: number; width: number }
  /** What the network works on: of a network of pixels, the picture itself. */
  state: { channels: number; height: number; width: number }
  inputs: NetworkInput[]
  /** The only batch size that the network takes; null for any. */
  batch: number | null
  /** Types of its weights, such as "float16", the most frequent first. */
  weightTypes: string[]
  /** Of all its networks. */
  parameters: number
  /** What makes the states of latent diffusion, by diffusers' name of its class; null for a model of pixels. */
  autoencoder: AutoencoderInfo | null
  /** How many classes it was trained on, of which each latent has one; null for an unconditional model. */
  classes: number | null
  /** Whether it is shown texts. */
  takesPrompts: boolean
  /** The least memory that one picture takes, in bytes. */
  memoryBytes: number
  predictionType: PredictionType
  /** What each timestep is multiplied by before the network is shown it. */
  timestepScale: number
  numTrainTimesteps: number
  betaSchedule: string
  /** Where latents end unless told otherwise: the last timestep whose sigma is at most 160. */
  defaultEndTimestep: number
  /** alphasCumprod, one value a training timestep. */
  alphasCumprod: number[]
  licence: string | null
  /** The model card's text, without its front matter. */
  card: string
  /** What people should know before they trust it, a sentence each. */
  warnings: string[]
}

/** What a model says of itself, without being loaded. */
export interface ModelInfo extends ModelHeaders {
  /** SHA-256 of weights and configuration, hex. */
  sha256: string
}

/** What a model's answers to states of known pictures and known noise say of it. */
export interface IntakeReport {
  /** What it predicts, and how sure that is, 0 … 1; the type is null where the answers do not tell. */
  predictionType: PredictionType | null
  confidence: number
  /** What timesteps are to be multiplied by: what the model was opened with, unless another fits far better. */
  timestepScale: number
  /** Largest difference between an answer in a batch of two and the same alone, in parts of its RMS; null if untried. */
  batchDifference: number | null
  /** The darkest and the brightest flat picture as the network sees them in noise, which were -0.8 and 0.8. */
  flatPictures: [number, number] | null
  /** What disagrees with the configuration, a sentence each. */
  warnings: string[]
  seconds: number
}

/** A model that was opened and asked. */
export interface CheckedModel {
  info: ModelInfo
  intake: IntakeReport
}

/** What the autoencoder of a latent diffusion model says of itself. */
export interface AutoencoderInfo {
  className: string
  /** Path of its configuration. */
  config: string
  parameters: number
  /** By which its codes are multiplied to have a standard deviation near 1. */
  scalingFactor: number
}

/** What a picture file says of itself; sizes in pixels. */
export interface PictureInfo {
  path: string
  name: string
  sha256: string
  /** Upright size in pixels, after EXIF orientation. */
  width: number
  height: number
  format: string
  bytes: number
  /** What the file holds besides the picture that is used: more frames of an animation, or more pages. */
  more?: 'frames' | 'pages'
}

/** What really computed a result. */
export interface ComputeInfo extends Omit<Placement, 'capacity'> {
  runtime: string
  threads: number
}

/** One latent of a mix, and how much of it went in. */
export interface MixedPart {
  weight: number
  /** The picture that it was encoded from; null without one. */
  source: { name: string; sha256: string } | null
  seed: number | null
  /** SHA-256 of its values. */
  latentSha256: string
}

/** Everything known of one latent. */
export interface LatentReport {
  modelId: string
  modelSha256: string
  scheduleHash: string
  /** Timestep of the latent. */
  endTimestep: number
  /** How it was encoded; null for a latent drawn from a seed. */
  encode: EncodeSettings | null
  source: { name: string; sha256: string } | null
  seed: number | null
  /** What it was mixed from; null for a latent that is no mix. */
  mixedFrom: MixedPart[] | null
  /** Class that it was encoded under and is decoded under; null for an unconditional model. */
  class: number | null
  /** What it is decoded on, and what it was encoded on; null for a model that is shown no texts. */
  prompts: { prompt: string; sourcePrompt: string } | null
  fidelity: Fidelity | null
  /** Where its error comes from; null in a model of pixels. */
  fidelityParts: FidelityParts | null
  /** Told by solvers that can, of a picture in a model of pixels; null otherwise. */
  forecast: RoundTripForecast | null
  /** Why an encoding setting changed nothing; null where none did, and for a latent read from a file. */
  encodeWarning: string | null
  health: LatentStatistics
  /** Of each channel of the latent, in their order. */
  channels: ChannelStatistics[]
  /** What the statistics mean for mixing, in words. */
  advice: LatentAdvice
  /** What the latent had before it was re-standardised, which its mean and std undo; null for one left as it was. */
  healthBefore: LatentStatistics | null
  compute: ComputeInfo | null
  /** Network evaluations spent on encoding. */
  evaluations: number
  /** Wall time spent on encoding; 0 for a latent read from a file, which does not keep it. */
  seconds: number
}

/** An encoded picture, ready to be shown: pictures as PNG bytes at the model's size. */
export interface EncodeReport extends LatentReport {
  decode: DecodeSettings
  sourcePng: Uint8Array
  reconstructionPng: Uint8Array
  /** A heat map of how far the two are apart: black is nothing, the brightest colour `differenceBrightest` or more. */
  differencePng: Uint8Array
  /** Of the 0 … 1 between black and white. */
  differenceBrightest: number
  latentPng: Uint8Array
}

/** Frames that were asked for by index. */
export interface FramesReport {
  /** PNG bytes at the model's size, in the order of the indices asked for. */
  frames: Uint8Array[]
  seconds: number
  /** How many are evaluated together: asking for so many at once takes no longer than asking for one. */
  batch: number
  /** Whether they are final; drafts were asked for where they are not. */
  final: boolean
}

/** How the frames of a path are timed. */
export interface TimingReport {
  /** The path's segments, with the places of frames where they were measured. */
  segments: Segment[]
  /** From each frame to the next, by the distance that was asked for. */
  distances: number[]
}

/** What an export wrote. */
export interface ExportReport {
  path: string
  format: ExportFormat
  frames: number
  width: number
  height: number
  bytes: number
  seconds: number
  /** Frames found finished from an interrupted run of the same export. */
  resumedFrames: number
  /** One a picture among the plan's stops, in order. */
  stops: LatentReport[]
  compute: ComputeInfo
}

/** What is kept on disk of latents and frames. */
export interface CacheUsage {
  folder: string
  bytes: number
  entries: number
  /** The most that it may hold. */
  limitBytes: number
}
