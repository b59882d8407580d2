import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readDocument } from '#shared/readDocument'

const corpus = join(import.meta.dirname, '../../fixtures/projects')
const open = (name: string) => readDocument(JSON.parse(readFileSync(join(corpus, name), 'utf8')) as unknown)

it.each(readdirSync(corpus).filter((name) => name.endsWith('.json')))(
  'opens %s completely and without problems',
  (name) => {
    const { document, problems, newer } = open(name)
    expect([problems, newer]).toEqual([[], false])
    expect(document.timeline.stops.length).toBeGreaterThanOrEqual(2)
    const ids = document.pictures.map(({ id }) => id)
    for (const { source } of document.timeline.stops) expect(ids).toContain(source)
  },
)

// Written by hand from the files: what the user would see in the window.
it('imports every value of a first session', () => {
  const { document } = open('0.1-first.session.json')
  expect(document.pictures.map(({ name, info }) => [name, info.path, info.name])).toEqual([
    ['Apple', '/home/ada/pictures/apple.png', 'apple.png'],
    ['Pear', '/home/ada/pictures/pear.jpg', 'pear.jpg'],
  ])
  const nameAt = (stop: number) =>
    document.pictures.find(({ id }) => id === document.timeline.stops[stop].source)!.name
  expect([0, 1, 2].map(nameAt)).toEqual(['Apple', 'Pear', 'Apple'])
  expect(document.timeline.segments.map(({ frames, interpolation }) => [frames, interpolation])).toEqual([
    [36, 'slerp'],
    [24, 'lerp'],
  ])
  expect([document.timeline.fps, document.timeline.repeat]).toEqual([24, 'forever'])
  expect(document.encode).toMatchObject({
    solver: 'ddim',
    timestepSpacing: 'linear',
    steps: 20,
    conditioningTimestep: 'next',
    endTimestep: 400,
  })
})

// Read from the files that 0.1.0 itself wrote, and from its window as it wrote them.
it('opens the sessions that version 0.1.0 wrote with all stops (would catch a migration made for sessions that nobody has)', () => {
  const told = (name: string) => {
    const { document } = open(name)
    const names = new Map(document.pictures.map(({ id, name: title }) => [id, title]))
    const { stops, segments, fps, repeat } = document.timeline
    return { document, stops: stops.map(({ source }) => names.get(source)), segments, fps, repeat }
  }
  const samples = told('0.1-app-samples.session.json')
  expect(samples).toMatchObject({
    stops: ['Apple golden', 'Tomato cherry red'],
    fps: 15,
    repeat: 'ping-pong',
  })
  expect(samples.segments.map(({ frames }) => frames)).toEqual([20])
  expect(samples.document.pictures).toHaveLength(10)
  expect(samples.document.encode).toMatchObject({ solver: 'heun', timestepSpacing: 'karras', steps: 50 })

  const own = told('0.1-app-own.session.json')
  expect(own).toMatchObject({ stops: ['Apple', 'Grandmother’s pear', 'Apple'], fps: 24 })
  expect(own.segments.map(({ frames, interpolation }) => [frames, interpolation])).toEqual([
    [36, 'slerp'],
    [24, 'lerp'],
  ])
  expect(own.document.encode).toMatchObject({ conditioningTimestep: 'current', endTimestep: 969 })

  const crop = told('0.1-app-crop.session.json')
  expect(crop.stops).toEqual(['Sommer 2024 – Äpfel', 'Apple', 'Pear'])
  // One segment more than there are gaps: the path leads back to its first stop.
  expect(crop.segments).toHaveLength(3)
  expect(crop.document.pictures[0]).toMatchObject({
    fit: { mode: 'crop', x: 70, y: 30, width: 180, height: 180 },
    restandardise: true,
  })
  expect(crop.document.pictures[2].info.path).toBe('/home/ada/pictures/holiday/Sommer 2024 – Äpfel.webp')
})

it('imports crop, restandardising and a closed path from a session on Windows', () => {
  const { document } = open('0.1-pingpong.session.json')
  expect(document.pictures[0]).toMatchObject({
    fit: { mode: 'crop', x: 12, y: 0, width: 300, height: 300 },
    restandardise: true,
    info: { name: 'tomato.webp' },
  })
  expect(document.timeline.segments).toHaveLength(3)
  expect(document.timeline).toMatchObject({ fps: 12.5, repeat: 'ping-pong' })
})

it('keeps the place of a stop with an invalid index (would catch a shorter film)', () => {
  const session = JSON.parse(readFileSync(join(corpus, '0.1-last.session.json'), 'utf8')) as object
  const { document, problems } = readDocument({ ...session, stops: [0, 7, 1] })
  expect(document.timeline.stops).toHaveLength(3)
  expect(document.timeline.segments).toHaveLength(2)
  expect(problems).toHaveLength(1)
})

it.each([[undefined], [[]], [[{ frames: 7 }]]])(
  'opens a session whose segments are %j, with defaults for missing ones (would catch a window that is drawn only in part)',
  (segments) => {
    const json = JSON.parse(readFileSync(join(corpus, '0.1-first.session.json'), 'utf8')) as object
    const { document, problems } = readDocument({ ...json, segments })
    expect(document.timeline.stops).toHaveLength(3)
    expect(document.timeline.segments.map(({ frames }) => frames)).toEqual([segments?.[0]?.frames ?? 36, 36])
    expect(problems).toEqual([])
  },
)

it.each([[null], [false], [''], [[]], [99]])(
  'keeps the place of a stop of a damaged session whose index is %j (would catch it showing the first picture)',
  (index) => {
    const { document } = readDocument({ pictures: [{ path: '/a.png' }], stops: [0, index] })
    const [first, second] = document.timeline.stops
    expect(document.pictures.map(({ id }) => id)).toEqual([first.source])
    expect(document.latents).toMatchObject([{ id: second.source, kind: 'unknown' }])
  },
)
