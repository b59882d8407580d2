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
  ['/a/frames', '/a/frames'],
  ['/a/b/../morph.gif', '/a/morph.gif'],
])('after %s was chosen in a dialog, allows writing %s', (granted, wanted) => {
  expect(isAllowed(granted, wanted)).toBe(true)
})

it.each([
  ['/a/photo.safetensors', '/a/photo.jpg'],
  ['/a/study', '/a/study.docx'],
  ['/a/morph.gif', '/a/other.gif'],
  ['/a/morph.gif', '/a/morph.gif.json'],
  ['/a/morph.gif', '/b/morph.gif'],
  ['/a/frames', '/a/frames/0001.png'],
  ['/a/frames', '/a/frames/../secret'],
  ['/a/morph.gif', '/a'],
])(
  'after %s was chosen in a dialog, refuses writing %s (would catch replacing a file that nobody chose)',
  (granted, wanted) => {
    expect(isAllowed(granted, wanted)).toBe(false)
  },
)

it('says to choose a place in a save dialog when nothing has been granted', () => {
  expect(() => new WriteGrants().require('/a')).toThrow('choose the place in a save dialog first')
})
