import { expect, it } from 'vitest'
import { WriteGrants } from '../../../src/main/WriteGrants'

function isAllowed(granted: string, wanted: string): boolean {
  const grants = new WriteGrants()
  grants.grant(granted)
  try {
    grants.require(wanted)
    return true
  } catch {
    return false
  }
}

it.each([
  ['/a/morph.gif', '/a/morph.gif'],
  ['/a/morph.mp4', '/a/morph.recipe.json'],
  ['/a/morph.mp4', '/a/morph.mp4.json'],
  ['/a/frames', '/a/frames/0001.png'],
  ['/a/b/../morph.gif', '/a/morph.gif'],
])('after a dialog led to %s, %s may be written', (granted, wanted) => {
  expect(isAllowed(granted, wanted)).toBe(true)
})

it.each([
  ['/a/morph.gif', '/a/other.gif'],
  ['/a/morph.gif', '/a/morphology.gif'],
  ['/a/morph.gif', '/b/morph.gif'],
  ['/a/frames', '/a/frames/../secret'],
  ['/a/frames', '/a/frames2/0001.png'],
  ['/a/morph.gif', '/a/.bashrc'],
])('after a dialog led to %s, %s may not be written', (granted, wanted) => {
  expect(isAllowed(granted, wanted)).toBe(false)
})

it('says what to do when nothing was granted', () => {
  expect(() => new WriteGrants().require('/a')).toThrow('choose the place in a save dialog first')
})
