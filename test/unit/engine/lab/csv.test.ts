import { describe, expect, it } from 'vitest'
import { settingsId } from '#shared/lab'
import { encodeCsv } from '#engine/lab/csv'
import type { JournalEntry, PictureRecord } from '#engine/lab/journal'
import { defaultSettings } from '#shared/presets'
import { measuredCells } from '#engine/lab/report'
import { entryOf, manifest } from './study'

function content(...entries: JournalEntry[]) {
  return { manifest, entries: new Map(entries.map((entry) => [settingsId(entry.settings), entry])) }
}

const [first, second] = [entryOf(0, [0.01, 0.0001]), entryOf(1, [0.1, 0])]

describe('lab.csv', () => {
  it('contains one row with all metrics per cell and picture', () => {
    const [heading, ...rows] = encodeCsv(content(first, second)).split('\r\n')
    expect(heading).toBe(
      'solver,timestepSpacing,steps,eta,picture,evaluations,mse,psnr,ssim,mean,std,normRatio,kurtosis,neighbourCorrelation,pictureIndex',
    )
    expect(rows).toEqual([
      'ddim,linear,10,0,plain.png,20,0.01,20,0.5,0.1,0.9,0.91,-0.2,0.3333333333333333,0',
      'ddim,linear,10,0,"with, comma and ""quotes"".png",20,0.0001,40,0.5,0.1,0.9,0.91,-0.2,0.3333333333333333,1',
      '2m,linear,10,0,plain.png,20,0.1,10,0.5,0.1,0.9,0.91,-0.2,0.3333333333333333,0',
      '2m,linear,10,0,"with, comma and ""quotes"".png",20,0,inf,0.5,0.1,0.9,0.91,-0.2,0.3333333333333333,1',
      '',
    ])
  })

  it('marks pictures that were decoded from a latent (would catch decoded pictures listed like files)', () => {
    const seed: PictureRecord = {
      name: 'seed 7',
      latentSha256: '03',
      source: { kind: 'seed', seed: 7 },
      decode: defaultSettings.decode,
    }
    const pictures = [manifest.pictures[0], seed]
    const [heading, ...rows] = encodeCsv({ ...content(first), manifest: { ...manifest, pictures } }).split(
      '\r\n',
    )
    const at = heading.split(',').indexOf('decoded')
    expect(rows.slice(0, 2).map((row) => [row.split(',')[4], row.split(',')[at]])).toEqual([
      ['plain.png', 'false'],
      ['seed 7', 'true'],
    ])
  })

  it('tells pictures of one name apart by their place in lab.json (would catch rows of two pictures that look like one)', () => {
    const [plain, other] = manifest.pictures
    const pictures = [plain, { ...other, name: plain.name }]
    const [heading, ...rows] = encodeCsv({ ...content(first), manifest: { ...manifest, pictures } }).split(
      '\r\n',
    )
    const at = heading.split(',').indexOf('pictureIndex')
    expect(rows.slice(0, 2).map((row) => [row.split(',')[4], row.split(',')[at]])).toEqual([
      ['plain.png', '0'],
      ['plain.png', '1'],
    ])
  })

  it('does not depend on the order in which cells were measured or on how long they took', () => {
    const slower = { ...first, seconds: 99 }
    expect(encodeCsv(content(second, slower))).toBe(encodeCsv(content(first, second)))
  })
})

describe('a measured cell', () => {
  it('averages the metrics over its pictures, and gives the median MSE and the time per picture', () => {
    const [cell] = measuredCells(content(first))
    expect(cell).toMatchObject({ evaluations: 20, ssim: 0.5, latentStd: 0.9, secondsPerPicture: 2 })
    expect(cell.mse).toBeCloseTo(0.00505, 12)
    expect(cell.medianMse).toBeCloseTo(0.00505, 12)
    expect(cell.psnr).toBeCloseTo(30, 9)
  })
})
