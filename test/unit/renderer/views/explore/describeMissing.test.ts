import { beforeEach, expect, it } from 'vitest'
import { useExplore } from '../../../../../src/renderer/stores/explore'
import { useLibrary } from '../../../../../src/renderer/stores/library'
import { describeMissing } from '../../../../../src/renderer/views/explore/describeMissing'
import { installFakeStudio } from '../../fakeStudio'

const seeds = [1, 2, 3].map((seed) => ({ id: `s${seed}`, name: `Seed ${seed}`, kind: 'seed' as const, seed }))

beforeEach(() => {
  installFakeStudio({})
  useLibrary().addLatents(seeds)
  useLibrary().select([])
  useExplore().mode = 'direction'
})

/** Checks that there is nothing to look at, and what is said of it. */
function expectMissing(sentence: RegExp): void {
  expect(useExplore().latent).toBeNull()
  expect(describeMissing()).toMatch(sentence)
}

it('asks for pictures only in an empty library', () => {
  useLibrary().remove(seeds.map(({ id }) => id))
  expectMissing(/^Add pictures to the library/)
})

it('names the slot that is empty (would catch advice to do what is done)', () => {
  const explore = useExplore()
  expectMissing(/“Towards” and on “Away from”/)
  explore.choose('plus', [seeds[1]])
  expectMissing(/on “Away from”\.$/)
  explore.choose('plus', [])
  explore.choose('minus', [seeds[1]])
  expectMissing(/on “Towards”\.$/)
  explore.choose('plus', [seeds[2]])
  expect(explore.latent).not.toBeNull()
  explore.choose('from', [])
  expectMissing(/on “Start”\.$/)
  explore.mode = 'walk'
  explore.choose('around', [])
  expectMissing(/on “Around”\.$/)
})

it('asks for a second picture to find a principal direction in', () => {
  const explore = useExplore()
  explore.kind = 'principal'
  explore.choose('of', [seeds[1]])
  expectMissing(/^Drop two or more pictures on “Computed from”/)
})

it('goes back to the item at hand if the chosen one is gone (would catch a walk around nothing)', () => {
  const explore = useExplore()
  explore.mode = 'walk'
  explore.choose('around', [seeds[2]])
  useLibrary().remove(['s3'])
  expect(explore.latent).toMatchObject({ kind: 'walk', around: 's1' })
})
