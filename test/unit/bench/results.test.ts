import { expect, it } from 'vitest'
import { commandLine } from '../../../bench/results/commandLine'
import { describeLostPictures } from '../../../bench/results/meaning'
import { meanInWords } from '../../../bench/results/plan'
import { labCell } from '../shared/labCells'

it('shows a command with all its options, as a shell takes them', () => {
  const args = [
    '--pictures',
    '/home/me/varieties.zip',
    '--steps',
    '10,20',
    '--about',
    'Jane’s model',
    '--pairs',
    '3',
  ]
  expect(commandLine('results:films', args)).toBe(
    "npm run results:films -- --pictures varieties.zip --steps 10,20 --about 'Jane’s model' --pairs 3",
  )
  expect(commandLine('results', [])).toBe('npm run results')
})

it('says which curves are means over fewer pictures (would catch "mean over 64 pictures" of means over 8)', () => {
  const few = { fineFrom: 100, fineCount: 8 }
  expect(meanInWords(64, [10, 100], few)).toBe(
    'mean over 64 pictures; over 8 of them with more than one evaluation per step and from S = 100 on',
  )
  expect(meanInWords(64, [10, 50], few)).toBe(
    'mean over 64 pictures; over 8 of them with more than one evaluation per step',
  )
  expect(meanInWords(64, [100, 200], few)).toBe('mean over 8 pictures')
  expect(meanInWords(8, [10, 100], few)).toBe('mean over 8 pictures')
})

it('says at which S a few lost pictures make the mean error grow, and nothing where it falls (would catch a page that promises more from more steps)', () => {
  const cells = (errors: readonly number[]) =>
    errors.map((mse, i) =>
      labCell({ solver: 'blended2m', timestepSpacing: 'karras', steps: [20, 50, 100][i], mse }),
    )
  const said = describeLostPictures(cells([2.6e-4, 3.1e-5, 8.9e-4]), [20, 50, 100])
  expect(said).toMatch(/S = 100.*8\.9e-4.*3\.1e-5 at S = 50/)
  expect(describeLostPictures(cells([2.6e-4, 3.1e-5, 2e-5]), [20, 50, 100])).toBe('')
})
