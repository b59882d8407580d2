import { expect, it } from 'vitest'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { measurementBases, type MeasuredModel } from '#shared/measurementBasis'
import { readDocument, writeDocument } from '#shared/readDocument'

const info = (name: string) => ({ path: `/pictures/${name}`, name, sha256: `hash of ${name}` })
const letters = ['a', 'b', 'c', 'd', 'e']
/** A smooth film of four pictures and a latent file, whose last segment alone is slerp; the first is timed evenly. */
const film = {
  version: 1,
  model: { name: 'm', sha256: 'hash of m', path: '/models/m' },
  pictures: letters.map((id) => ({ id, name: id, info: info(id), relativePath: `../${id}` })),
  latents: [
    { id: 'file', name: 'File', kind: 'file', path: '/f.safetensors' },
    { id: 'mix', name: 'Mix', kind: 'mix', parts: [{ source: 'e' }, { source: 'file' }] },
  ],
  timeline: {
    stops: ['a', 'b', 'c', 'd', 'mix'].map((source) => ({ id: `stop ${source}`, source })),
    segments: [4, 6, 5, 8].map((frames, at) => ({
      frames,
      interpolation: at === 3 ? 'slerp' : 'spline',
      ...(at === 0 && { fractions: [0.1, 0.2, 0.3] }),
    })),
  },
}
const { document } = readDocument(film)
const count = document.timeline.segments.length
const basesOf = (one: StudioDocument, model: MeasuredModel = { sha256: 'hash of m' }) =>
  Array.from({ length: count }, (_, at) => measurementBases(one, model)(at))
/** Returns the segments whose basis a change makes another one. */
const changedBy = (after: StudioDocument, model?: MeasuredModel) => {
  const [before, now] = [basesOf(document), basesOf(after, model)]
  return [...before.keys()].filter((at) => before[at] !== now[at])
}
const withItem = (id: string, changes: object): StudioDocument => ({
  ...document,
  pictures: document.pictures.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  latents: document.latents.map((one) => (one.id === id ? { ...one, ...changes } : one)),
})
const withSegment = (at: number, changes: object): StudioDocument => ({
  ...document,
  timeline: {
    ...document.timeline,
    segments: document.timeline.segments.map((one, index) => (index === at ? { ...one, ...changes } : one)),
  },
})
const all = [0, 1, 2, 3]

it.each<[string, StudioDocument, number[]]>([
  ['the encoding', { ...document, encode: { ...document.encode, steps: 7 } }, all],
  ['the decoding', { ...document, decode: { ...document.decode, guidance: 3 } }, all],
  ['the pinning', { ...document, timeline: { ...document.timeline, pinned: true } }, all],
  ['the file of a picture', withItem('a', { info: { ...info('a'), sha256: 'retouched' } }), [0, 1]],
  ['the crop of a picture', withItem('c', { fit: { mode: 'contain', background: '#000000' } }), [0, 1, 2]],
  ['a part of a mix', withItem('e', { prompt: 'a castle' }), [2, 3]],
  ['the weights of a mix', withItem('mix', { parts: [{ source: 'e', weight: 2 }] }), [2, 3]],
  ['the length of a segment', withSegment(1, { frames: 9 }), [0, 1, 2]],
  ['the length of a segment beside smooth ones', withSegment(3, { frames: 9 }), [2, 3]],
  ['the kind of path', withSegment(3, { interpolation: 'lerp' }), [3]],
])('a change of %s changes the basis of what depends on it', (_what, after, segments) => {
  expect(changedBy(after)).toEqual(segments)
})

it('another model changes every basis, and so does another reading of it', () => {
  expect(changedBy(document, { sha256: 'hash of another' })).toEqual(all)
  expect(changedBy(document, { sha256: 'hash of m', reading: { timestepScale: 2 } })).toEqual(all)
  expect(changedBy(document, { sha256: 'hash of m', reading: {} })).toEqual([])
})

it('nothing else changes a basis: names, places of files, the frame rate, and the timing itself', () => {
  expect(changedBy({ ...withItem('a', { name: 'Apple' }), notes: 'mine' })).toEqual([])
  expect(
    changedBy(withItem('a', { info: { ...info('a'), path: '/elsewhere/a' }, relativePath: 'a' })),
  ).toEqual([])
  expect(changedBy(withItem('file', { path: '/elsewhere', relativePath: 'f', sha256: 'learned' }))).toEqual(
    [],
  )
  expect(changedBy(withSegment(0, { fractions: [0.7, 0.8, 0.9], easing: 'linear' }))).toEqual([])
  expect(changedBy({ ...document, timeline: { ...document.timeline, fps: 5 } })).toEqual([])
})

it('tells apart a smooth segment at an end of the path and one with as many stops beside it', () => {
  const three = readDocument({
    version: 1,
    pictures: film.pictures,
    timeline: {
      stops: ['a', 'b', 'c'].map((source) => ({ source })),
      segments: [0, 1].map(() => ({ frames: 4, interpolation: 'spline' })),
    },
  }).document
  const basisOf = measurementBases(three, { sha256: '' })
  expect(basisOf(0)).not.toBe(basisOf(1))
})

it('a file that does not say what its places were measured on is taken to say what it holds, and what is written says it', () => {
  const [first, ...others] = document.timeline.segments.map(({ measuredOn }) => measuredOn)
  expect(first).toBe(basesOf(document)[0])
  expect(others).toEqual([undefined, undefined, undefined])
  const retouched = withItem('a', { info: { ...info('a'), sha256: 'retouched' } })
  const again = readDocument(structuredClone(writeDocument(retouched))).document
  expect(again.timeline.segments[0].measuredOn).toBe(first)
  expect(basesOf(again)[0]).not.toBe(first)
})

it('adds nothing to a document without measured places', () => {
  expect(readDocument(writeDocument(emptyDocument())).document).toEqual(emptyDocument())
})
