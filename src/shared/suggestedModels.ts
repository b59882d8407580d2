/** A published model that is worth trying first. */
export interface SuggestedModel {
  /** Repository id. */
  readonly id: string
  /** Side of its pictures, in pixels. */
  readonly side: number
  /** Approximate size of the download, in bytes. */
  readonly bytes: number
  /** Licence of the weights, as stated by the model card. */
  readonly licence: string
  /** What it generates, and what users should know about the pictures it was trained on. */
  readonly about: string
}

const lsun = 'LSUN photographs were gathered from the web: the data set states no licence of its own.'

/** Unconditional models published by their authors under a clear licence. None downloads automatically. */
export const suggestedModels: readonly SuggestedModel[] = [
  {
    id: 'google/ddpm-cifar10-32',
    side: 32,
    bytes: 143e6,
    licence: 'apache-2.0',
    about:
      'Animals and vehicles, very small: the model of the DDIM paper’s tables. CIFAR-10 states no licence.',
  },
  {
    id: 'anton-l/ddpm-ema-flowers-64',
    side: 64,
    bytes: 455e6,
    licence: 'apache-2.0',
    about: 'Flowers, from the 102 categories of Oxford Flowers, which is meant for research.',
  },
  {
    id: 'ceyda/ddpm-ema-butterflies-64',
    side: 64,
    bytes: 455e6,
    licence: 'apache-2.0',
    about: 'Butterflies, from a collection of the Smithsonian whose pictures are free (CC0).',
  },
  {
    id: 'google/ddpm-celebahq-256',
    side: 256,
    bytes: 455e6,
    licence: 'apache-2.0',
    about: 'Faces. The pictures of CelebA-HQ may be used for research only, not for commerce.',
  },
  {
    id: 'google/ddpm-church-256',
    side: 256,
    bytes: 455e6,
    licence: 'apache-2.0',
    about: `Churches and other old buildings. ${lsun}`,
  },
  {
    id: 'google/ddpm-bedroom-256',
    side: 256,
    bytes: 455e6,
    licence: 'apache-2.0',
    about: `Bedrooms. ${lsun}`,
  },
  { id: 'google/ddpm-cat-256', side: 256, bytes: 455e6, licence: 'apache-2.0', about: `Cats. ${lsun}` },
  {
    id: 'CompVis/ldm-celebahq-256',
    side: 256,
    bytes: 1.3e9,
    licence: 'apache-2.0',
    about:
      'Faces, by latent diffusion. The pictures of CelebA-HQ may be used for research only, not for commerce.',
  },
]
