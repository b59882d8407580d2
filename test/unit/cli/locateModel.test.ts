import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { locateModel, nodeEnvironment } from '../../../src/cli/installation'

const installation = nodeEnvironment()
const bundled = join(installation.resources, 'models', 'fruits-96')
const before = process.cwd()
beforeEach(() => process.chdir(mkdtempSync(join(tmpdir(), 'locate-model-'))))
afterEach(() => process.chdir(before))

const locate = (model: string) => locateModel(installation, model)

it('finds a bundled model by its name', () => {
  expect(locate('fruits-96')).toBe(bundled)
  expect(locate('fruits-96/unet')).toBe(join(bundled, 'unet'))
})

it('is not misled by a folder of that name without a model (would catch `sample -o fruits-96` hiding the default model)', () => {
  mkdirSync('fruits-96')
  expect(locate('fruits-96')).toBe(bundled)
  writeFileSync('fruits-96/000000.png', '')
  expect(locate('fruits-96')).toBe(bundled)
})

it.each(['model_index.json', 'config.json', 'unet', 'model.onnx', 'snapshots'])(
  'takes the user’s own model of that name: a folder with %s',
  (name) => {
    mkdirSync(join('fruits-96', name), { recursive: true })
    expect(locate('fruits-96')).toBe('fruits-96')
  },
)

it('leaves every other path as it is', () => {
  mkdirSync('mine')
  for (const path of ['mine', 'nowhere', '.', '..', 'google/ddpm-cat-256']) expect(locate(path)).toBe(path)
})
