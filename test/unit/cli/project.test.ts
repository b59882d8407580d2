import { expect, it } from 'vitest'
import { defaultSegment } from '#core/timeline/path'
import { emptyDocument } from '#shared/document'
import type { ProjectOpened } from '#shared/project'
import { describeProject } from '../../../src/cli/commands/project'

/** Two stops, one second of 20 frames from each stop to the next. */
function filmOf(segments: number): ProjectOpened {
  const { timeline, ...document } = emptyDocument()
  return {
    document: {
      ...document,
      timeline: {
        ...timeline,
        stops: ['a', 'b'].map((id) => ({ id, source: id })),
        segments: Array.from({ length: segments }, () => ({ ...defaultSegment, frames: 20 })),
      },
    },
    path: 'film.slerp',
    missing: [],
    problems: [],
    newer: false,
    computes: [],
  }
}

it('counts the frame of the last stop of an open film, which a closed film does not have', () => {
  const framesOf = (segments: number) =>
    describeProject(filmOf(segments)).find((line) => line.startsWith('Frames'))
  expect(framesOf(1)).toMatch(/ 21$/)
  expect(framesOf(2)).toMatch(/ 40$/)
})

it.each([
  [[], [], /^All parts are intact\.$/],
  [['/a.png'], [], /^Some files are missing: see above\.$/],
  [[], ['notes could not be read.'], /^(?!.*missing).*could not be read: see above\.$/],
  [['/a.png'], ['notes could not be read.'], /could not be read, and some files are missing: see above\.$/],
])(
  'says what is wrong with a project of which %j are missing and %j unread (would catch “missing” where nothing is)',
  (missing, problems, sentence) => {
    expect(describeProject({ ...filmOf(1), missing, problems }).at(-1)).toMatch(sentence)
  },
)
