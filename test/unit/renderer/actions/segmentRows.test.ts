import { beforeEach, describe, expect, it } from 'vitest'
import { applyToAllSegments } from '../../../../src/renderer/actions/segmentRows'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

/** A film of four pictures and three segments. */
beforeEach(() => {
  installFakeStudio({})
  const pictures = useLibrary().add(['a.png', 'b.png', 'c.png', 'd.png'].map(pictureInfo))
  useTimeline().insert(pictures.map(({ id }) => id))
  for (const at of [0, 1, 2]) useTimeline().change(at, { frames: 4 })
})

const segments = () => useTimeline().path.segments

describe('the timing and path of one segment, applied to all', () => {
  it('are a curve, also in place of even timing and of holds', () => {
    useTimeline().change(0, { fractions: [0.1, 0.2, 0.3], measuredOn: 'then' })
    useTimeline().change(1, { easing: 'hold' })
    useTimeline().change(2, { easing: 'easeIn', interpolation: 'lerp' })
    applyToAllSegments(2)
    const curve = { frames: 4, easing: 'easeIn', interpolation: 'lerp' }
    expect(segments()).toEqual([curve, curve, curve])
  })

  it('leave holds still if they are even timing (would catch holds that set off)', () => {
    useTimeline().change(0, { interpolation: 'lerp', fractions: [0.1, 0.2, 0.3] })
    useTimeline().change(1, { easing: 'hold' })
    applyToAllSegments(0)
    expect(segments()[1]).toEqual({ frames: 4, easing: 'hold', interpolation: 'lerp' })
    expect(segments()[2].fractions).toHaveLength(3)
  })

  it('include the curve beneath even timing, without a change of places that were measured', () => {
    useTimeline().change(0, { easing: 'easeIn', fractions: [0.1, 0.2, 0.3] })
    useTimeline().change(1, { fractions: [0.7, 0.8, 0.9], measuredOn: 'then' })
    applyToAllSegments(0)
    expect(segments()[1]).toMatchObject({ fractions: [0.7, 0.8, 0.9], measuredOn: 'then' })
    expect(segments()[2]).toMatchObject({ easing: 'easeIn', fractions: [0.25, 0.5, 0.75], measuredOn: '' })
  })
})
