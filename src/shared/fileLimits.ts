/**
 * The largest plausible size of each kind of file that is read whole, in bytes: far above anything that is written,
 * and small enough not to exhaust memory. Kinds that one module alone reads have their limit there.
 */
export const fileLimits = {
  /** The text that records how frames or items are made. */
  provenance: 64 * 2 ** 20,
  /** What a shard records. */
  shardRecord: 2 ** 20,
  /** What an export records of its output. */
  publishedRecord: 2 ** 16,
  /** The journal of a study; no string of V8 holds much more. */
  journal: 500 * 2 ** 20,
  /** A picture that this program exported, or one of its frames. */
  exportedPicture: 512 * 2 ** 20,
  /** The values of one picture as a NumPy array. */
  pictureValues: 512 * 2 ** 20,
  /** Certificates in PEM format. */
  certificates: 16 * 2 ** 20,
  /** A reference of the hub's cache, which holds the 40 digits of a commit. */
  hubReference: 1024,
} as const
