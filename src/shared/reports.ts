/** Plain results that travel between processes. Kept small: numbers and encoded pictures, never latents. */
import type { Fidelity, FidelityParts } from '#core/diffusion/fidelity'
import type { LatentAdvice } from '#core/diffusion/latentAdvice'
import type { ChannelStatistics, LatentStatistics } from '#core/diffusion/latentStatistics'
import type { RoundTripForecast } from '#core/diffusion/roundTripForecast'
import type { PredictionType } from '#core/diffusion/schedulerConfig'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { Segment } from '#core/timeline/path'
import type { Placement } from './devices'
import type { ExportFormat } from './exportFormats'
import type { ModelReading } from './modelSource'

/** One input of a network, as declared in its file. */
export interface NetworkInput {
  role: 'state' | 'timestep' | 'class' | 'text'
  name: string
  /** "float32", "int64", … */
  type: string
  /** One number per dimension; a string for one that is left open. */
  shape: (number | string)[]
}

/** The origin of a model in the Hugging Face hub. */
export interface HubSource {
  /** Repository id. */
  readonly repository: string
  /** 40 hex digits. */
  readonly commit: string
}

/** The description of a model, from its configuration, card and weight headers. */
export interface ModelHeaders {
  /** Folder name: the short name that users see. */
  id: string
  path: string
  /** The snapshot that it is; null for a model outside the Hugging Face cache. */
  hub: HubSource | null
  /** How it is read where not as its configuration says; undefined if its configuration is followed. */
  reading?: ModelReading
  /** SHA-256 of alphasCumprod and the prediction type, in hex: equal hashes mean the same noise levels. */
  scheduleHash: string
  /** The model's pictures: grey or RGB, in pixels. */
  picture: { channels: 1 | 3; height: number; width: number }
  /** The states that the network works on; in a pixel-space model, the picture itself. */
  state: { channels: number; height: number; width: number }
  inputs: NetworkInput[]
  /** The only batch size that the network accepts; null for any. */
  batch: number | null
  /** Types of its weights, such as "float16", most frequent first. */
  weightTypes: string[]
  /** Over all its networks. */
  parameters: number
  /** The autoencoder of latent diffusion, named by its class in diffusers; null for a pixel-space model. */
  autoencoder: AutoencoderInfo | null
  /** Number of classes it was trained on; each latent has one of them. Null for an unconditional model. */
  classes: number | null
  /** Whether it takes prompts. */
  takesPrompts: boolean
  /** The least memory needed for one picture, in bytes. */
  memoryBytes: number
  /** Whether decoding can clip the predicted x0: pixels have a range, codes only if diffusers would clip them. */
  canClip: boolean
  predictionType: PredictionType
  /** Factor applied to each timestep before the network gets it. */
  timestepScale: number
  numTrainTimesteps: number
  /** What the noise levels come from, as people read it: "linear betas". */
  scheduleName: string
  /** The default timestep of latents: the last one whose sigma is at most 160. */
  defaultEndTimestep: number
  /** The timestep of the clean picture: -1 if it is off the grid, 0 if it is the state of timestep 0. */
  cleanTimestep: number
  /** alphasCumprod, one value per training timestep. */
  alphasCumprod: number[]
  licence: string | null
  /** The model card's text, without its front matter. */
  card: string
  /** What users should know before they trust it, one sentence each. */
  warnings: string[]
}

/** The description of a model and the hash of its files, for which the model is not loaded. */
export interface ModelInfo extends ModelHeaders {
  /** SHA-256 of weights and configuration, in hex. */
  sha256: string
}

/** What a model's outputs for known pictures in known noise reveal about it. */
export interface IntakeReport {
  /** What the network predicts, null if its outputs are inconclusive, and the confidence in that, 0 … 1. */
  predictionType: PredictionType | null
  confidence: number
  /** The factor for timesteps: the one that the model was opened with, unless another fits far better. */
  timestepScale: number
  /**
   * Largest difference between an output in a batch of two and the same output alone, relative to its RMS;
   * null if untested.
   */
  batchDifference: number | null
  /**
   * The mean of a dark and of a bright flat picture as the network sees them in noise; the true values are
   * -0.8 and 0.8.
   */
  flatPictures: [number, number] | null
  /** What disagrees with the configuration, one sentence each. */
  warnings: string[]
  seconds: number
}

/** A model that was opened and tested. */
export interface CheckedModel {
  info: ModelInfo
  intake: IntakeReport
}

/** How long a model takes, for one picture; null where that is not known. */
export interface ModelPace {
  /** Of a picture evaluated alone, as while encoding. */
  secondsPerEvaluation: number | null
  /** Of a picture evaluated together with others, as for a film. */
  secondsPerBatchedEvaluation: number | null
  /** From state to picture; 0 for a model that works on pixels. */
  secondsPerDecoding: number | null
}

/** The description of a latent diffusion model's autoencoder. */
export interface AutoencoderInfo {
  className: string
  /** Path of its configuration. */
  config: string
  parameters: number
  /** Factor that gives its codes a standard deviation near 1. */
  scalingFactor: number
}

/** The description of a picture file. */
export interface PictureInfo {
  path: string
  name: string
  sha256: string
  /** Upright size in pixels, after EXIF orientation. */
  width: number
  height: number
  format: string
  bytes: number
  /** What the file contains besides the picture that is used: more frames of an animation, or more pages. */
  more?: 'frames' | 'pages'
}

/** What actually computed a result. */
export interface ComputeInfo extends Omit<Placement, 'capacity'> {
  runtime: string
  threads: number
}

/** One latent of a mix, and its weight. */
export interface MixedPart {
  weight: number
  /** The picture it was encoded from; null if there is none. */
  source: { name: string; sha256: string } | null
  seed: number | null
  /** SHA-256 of its values. */
  latentSha256: string
}

/** Everything known about one latent. */
export interface LatentReport {
  modelId: string
  modelSha256: string
  scheduleHash: string
  /** Timestep of the latent. */
  endTimestep: number
  /** Settings of the encoding; null for a latent drawn from a seed. */
  encode: EncodeSettings | null
  source: { name: string; sha256: string } | null
  seed: number | null
  /** The parts it was mixed from; null if it is not a mix. */
  mixedFrom: MixedPart[] | null
  /** The latent that this one was moved from, along a direction or on a walk; absent if it was not moved. */
  movedFrom?: { source: { name: string; sha256: string } | null; seed: number | null } | undefined
  /** Class that it was encoded and is decoded with; null for an unconditional model. */
  class: number | null
  /** The prompts it is decoded and was encoded with; null for a model that takes no prompts. */
  prompts: { prompt: string; sourcePrompt: string } | null
  fidelity: Fidelity | null
  /** The sources of its error; null in a pixel-space model. */
  fidelityParts: FidelityParts | null
  /**
   * Expected quality of the reconstruction. Set only by some solvers, in pixel-space models, without
   * loosening; otherwise null.
   */
  forecast: RoundTripForecast | null
  /** Why an encoding setting had no effect; null if all had, and for a latent read from a file. */
  encodeWarning: string | null
  health: LatentStatistics
  /** Statistics of each channel of the latent, in order. */
  channels: ChannelStatistics[]
  /**
   * Standard deviation of the states that an autoencoder encoded its picture to; null if there was none, or unknown.
   */
  stateStd: number | null
  /** What the statistics mean for mixing, in words. */
  advice: LatentAdvice
  /** Statistics before re-standardising, whose mean and std undo it; null if that was not applied. */
  healthBefore: LatentStatistics | null
  compute: ComputeInfo | null
  /** Network evaluations spent on encoding. */
  evaluations: number
  /** Wall time spent on encoding; 0 for a latent read from a file, which does not record it. */
  seconds: number
}

/** An encoded picture, ready to be shown. Pictures are PNG bytes at the model's size. */
export interface EncodeReport extends LatentReport {
  decode: DecodeSettings
  sourcePng: Uint8Array
  reconstructionPng: Uint8Array
  /** A heat map of their difference: black is none, the brightest colour is `differenceBrightest` or more. */
  differencePng: Uint8Array
  /** On a scale where black is 0 and white is 1. */
  differenceBrightest: number
  latentPng: Uint8Array
}

/** Frames that were requested by index. */
export interface FramesReport {
  /** PNG bytes at the model's size, in the order of the requested indices. */
  frames: Uint8Array[]
  seconds: number
  /** How many had to be decoded; the others were available already, or repeat one of these. */
  decoded: number
  /** The number evaluated together: requesting that many at once takes no longer than requesting one. */
  batch: number
  /** Whether these are final frames rather than drafts. */
  final: boolean
  /** What computed them, as exports record it; null if a project brought them all. */
  compute: ComputeInfo | null
}

/** The timing of a path. */
export interface TimingReport {
  /** The path's segments, with the positions of frames if they were measured. */
  segments: Segment[]
}

/** The result of an export. */
export interface ExportReport {
  path: string
  format: ExportFormat
  frames: number
  width: number
  height: number
  bytes: number
  seconds: number
  /** Frames that an interrupted run of the same export had already finished. */
  resumedFrames: number
  /** Frames that the opened project brought, made on a device that is not known. */
  framesFromProject: number
  /** One per stop, corner or latent of the plan, in order. */
  stops: LatentReport[]
  /** Null if the opened project brought all frames. */
  compute: ComputeInfo | null
}

/** The disk cache of latents and frames. */
export interface CacheUsage {
  folder: string
  bytes: number
  entries: number
  /** The largest size it may have. */
  limitBytes: number
}
