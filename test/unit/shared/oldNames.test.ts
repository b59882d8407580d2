import { expect, it } from 'vitest'
import { renameOldSettings } from '#shared/oldNames'
import { readDocument } from '#shared/readDocument'

it('reads the settings of version 0.1 (would catch a session set aside as damaged, or read with defaults)', () => {
  const old = {
    pictures: [],
    stops: [],
    segments: [],
    encode: { solver: 'ddim', nodes: 'linear', steps: 20, label: 'destination', terminal: 400 },
    decode: { solver: 'heun', nodes: 'logSnr', steps: 30 },
    fps: 20,
    loop: 'once',
  }
  const read = readDocument(old).document
  expect(read.encode).toEqual({
    solver: 'ddim',
    timestepSpacing: 'linear',
    steps: 20,
    conditioningTimestep: 'next',
    endTimestep: 400,
  })
  expect(read.decode).toMatchObject({ solver: 'heun', timestepSpacing: 'logSnr', steps: 30 })
})

it('renames old settings at any depth, including those of latents and studies', () => {
  const latent = { terminal: 999, encode: { solver: '2m', label: 'source' }, source: { name: 'a.png' } }
  expect(renameOldSettings(latent)).toEqual({
    endTimestep: 999,
    encode: { solver: '2m', conditioningTimestep: 'current' },
    source: { name: 'a.png' },
  })
  const journal = {
    study: { solvers: ['2m'], nodes: ['karras'] },
    cells: [{ solver: '2m', nodes: 'karras' }],
  }
  expect(renameOldSettings(journal)).toEqual({
    study: { solvers: ['2m'], timestepSpacings: ['karras'] },
    cells: [{ solver: '2m', timestepSpacing: 'karras' }],
  })
  const entry = { rule: { solver: '2m', nodes: 'karras' }, seconds: 1 }
  expect(renameOldSettings(entry)).toEqual({
    settings: { solver: '2m', timestepSpacing: 'karras' },
    seconds: 1,
  })
})

it('leaves everything else unchanged (would catch renaming the label of something else)', () => {
  const others = { label: 'source', nodes: [1, null, 'a'], a: { b: [{ label: 'x' }] } }
  expect(renameOldSettings(others)).toEqual(others)
  const today = { solver: '2m', timestepSpacing: 'karras', conditioningTimestep: 'next', endTimestep: 3 }
  expect(renameOldSettings(today)).toEqual(today)
})
