import type { ItemShape, Space } from './Space'

/** Creates the space of networks that work on pixels: the states are the pictures. */
export function pixelSpace(shape: ItemShape): Space {
  return {
    pictureShape: shape,
    stateShape: shape,
    isLossless: true,
    encode: async (pictures) => pictures,
    decode: async (states) => states,
    secondsPerDecoding: () => 0,
    preview: (states) => states,
    close: async () => undefined,
  }
}
