import { expect, it } from 'vitest'
import { defaultSegment } from '#core/timeline/path'
import { emptyDocument } from '#shared/document'
import type { ProjectOpened } from '#shared/project'
import { describeProject } from '../../../src/cli/project'

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
