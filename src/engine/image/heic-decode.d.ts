declare module 'heic-decode' {
  /** Decodes the first picture of a HEIC file to RGBA, with transformations applied. */
  export default function decode(source: { buffer: Uint8Array }): Promise<{
    width: number
    height: number
    data: Uint8ClampedArray<ArrayBuffer>
  }>
}
