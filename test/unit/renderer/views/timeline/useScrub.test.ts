import { afterEach, beforeEach, expect, it } from 'vitest'
import { effectScope, shallowRef, type EffectScope } from 'vue'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { usePlayer } from '../../../../../src/renderer/stores/player'
import { useTimeline } from '../../../../../src/renderer/stores/timeline'
import { useScrub } from '../../../../../src/renderer/views/timeline/useScrub'
import { installFakeStudio, pictureInfo } from '../../fakeStudio'

let scope: EffectScope
let scrub: ReturnType<typeof useScrub>
beforeEach(() => {
  installFakeStudio({ 'animation.expect': () => null })
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useTimeline().insert(useLibrary().pictures.map(({ id }) => id))
  const track = { setPointerCapture: () => undefined } as unknown as HTMLElement
  scope = effectScope()
  scope.run(() => (scrub = useScrub(shallowRef(track), ({ clientX }) => clientX)))
})
afterEach(() => scope.stop())

const at = (frame: number, buttons = 1) => ({ button: 0, buttons, clientX: frame }) as PointerEvent

it('moves the playhead while the button is held', () => {
  scrub.pointermove(at(5, 0))
  expect(usePlayer().playhead).toBe(0)
  scrub.pointerdown(at(6))
  expect(usePlayer()).toMatchObject({ playhead: 6, scrubbing: true })
  scrub.pointermove(at(9))
  expect(usePlayer().playhead).toBe(9)
  scrub.pointerup()
  scrub.pointermove(at(12, 0))
  expect(usePlayer()).toMatchObject({ playhead: 9, scrubbing: false })
})

it('ends when the view is left or the pointer is lost (would catch a playhead that follows a released pointer)', () => {
  scrub.pointerdown(at(6))
  scrub.lostpointercapture()
  expect(usePlayer().scrubbing).toBe(false)
  scrub.pointerdown(at(6))
  scrub.pointermove(at(9, 0))
  expect(usePlayer()).toMatchObject({ playhead: 6, scrubbing: false })
  scrub.pointerdown(at(7))
  scope.stop()
  expect(usePlayer().scrubbing).toBe(false)
})
