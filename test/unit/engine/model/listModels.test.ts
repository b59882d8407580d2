import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listModels } from '#engine/model/folders/listModels'
import { ModelUses } from '#engine/model/folders/modelUses'
import { presetFor } from '#shared/presets'
import type { EncodeReport } from '#shared/reports'
import { goldenRoot } from '../../../fixtures/modelCopy'

let root: string
let cache: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'library-'))
  cache = join(root, 'hub')
  vi.stubEnv('HF_HUB_CACHE', cache)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true })
})

async function put(path: string, content = '{}'): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

async function snapshot(repository: string): Promise<string> {
  const folder = join(cache, repository, 'snapshots/abc')
  await cp(join(goldenRoot, 'one-layer'), folder, { recursive: true })
  await put(`hub/${repository}/refs/main`, 'abc')
  return folder
}

const list = (folders: string[] = [], uses = new Map()) =>
  listModels({ bundled: [join(goldenRoot, 'one-layer')], folders }, uses)

describe('the list of models', () => {
  it('contains the bundled and the cached models, each with details from its configuration', async () => {
    const folder = await snapshot('models--someone--tiny')
    const { rows, cacheFolder, others } = await list()
    expect(cacheFolder).toBe(cache)
    expect(others).toBe(0)
    expect(rows.map(({ id, place, commit }) => [id, place, commit])).toEqual([
      ['one-layer', 'bundled', null],
      ['someone/tiny', 'cache', 'abc'],
    ])
    expect(rows[1]).toMatchObject({
      path: folder,
      picture: { width: 16, height: 16 },
      cleanTimestep: -1,
      presetKind: 'pixels',
      problem: null,
      use: null,
    })
    expect(rows[1].bytes).toBeGreaterThan(1000)
  })

  it('leaves out models that are not diffusion models, and counts them', async () => {
    await put('hub/models--google--bert/snapshots/x/config.json')
    await put('hub/datasets--a--b/snapshots/x/data.csv')
    await put('hub/version.txt', '1')
    const { rows, others } = await list()
    expect(rows).toHaveLength(1)
    expect(others).toBe(1)
  })

  it('says why a model cannot be opened, and which download is incomplete', async () => {
    await put('hub/models--a--odd/snapshots/x/unet/config.json', '{"_class_name": "UNet3DModel"}')
    await put('hub/models--b--half/blobs/0123.incomplete', 'x'.repeat(500))
    const { rows } = await list()
    expect(rows[1]).toMatchObject({ id: 'a/odd', picture: null, cleanTimestep: null, presetKind: null })
    expect(rows[1].isUnfinished).toBe(false)
    expect(rows[1].problem).toMatch(/holds no|does not|unet/i)
    expect(rows[2]).toMatchObject({ id: 'b/half', bytes: 500, isUnfinished: true })
  })

  it('knows what presets of a bundled model take, wherever it lies and whatever it is called, and not of another under its name (would catch a wrong estimate of a switch)', async () => {
    const [own, changed] = [join(root, 'mine/renamed'), join(root, 'others/fruits-96')]
    await cp('resources/models/fruits-96', own, { recursive: true })
    await cp('resources/models/fruits-96', changed, { recursive: true })
    const config = join(changed, 'vae/config.json')
    await writeFile(config, `${await readFile(config, 'utf8')}\n`)
    const { rows } = await list([own, changed])
    expect(rows.map(({ presetKind }) => presetKind)).toEqual(['pixels', 'straightCodes', 'codes'])
  })

  it('survives a blob that is gone when its size is read, as one that a download has just changed', async () => {
    await put('hub/models--b--half/blobs/0123.incomplete', 'x'.repeat(500))
    await symlink(join(root, 'gone'), join(cache, 'models--b--half/blobs/4567'))
    expect((await list()).rows[1]).toMatchObject({ id: 'b/half', bytes: 500, isUnfinished: true })
  })

  it('contains a model once that is named itself and by its folder (would catch two rows of one key)', async () => {
    await cp(join(goldenRoot, 'one-layer'), join(root, 'mine/apples'), { recursive: true })
    const { rows } = await list([join(root, 'mine'), join(root, 'mine/apples'), join(root, 'mine')])
    expect(rows.map(({ id }) => id)).toEqual(['one-layer', 'apples'])
  })

  it('says which listed folder each model was found in, also one that is gone', async () => {
    await cp(join(goldenRoot, 'one-layer'), join(root, 'mine/apples'), { recursive: true })
    const { rows } = await list([join(root, 'mine'), join(root, 'gone')])
    expect(rows.map(({ path, folder }) => [path, folder])).toEqual([
      [join(goldenRoot, 'one-layer'), null],
      [join(root, 'mine/apples'), join(root, 'mine')],
      [join(root, 'gone'), join(root, 'gone')],
    ])
  })

  it('contains all snapshots of a repository without a main branch', async () => {
    const folder = await snapshot('models--someone--tiny')
    await cp(folder, join(folder, '../def'), { recursive: true })
    await rm(join(cache, 'models--someone--tiny/refs'), { recursive: true })
    const { rows } = await list()
    expect(rows.slice(1).map(({ id, commit }) => [id, commit])).toEqual([
      ['someone/tiny', 'abc'],
      ['someone/tiny', 'def'],
    ])
  })

  it('contains each model of the chosen folders and their direct subfolders once, and reports missing folders', async () => {
    await cp(join(goldenRoot, 'one-layer'), join(root, 'mine/apples'), { recursive: true })
    await cp(join(goldenRoot, 'one-layer'), join(root, 'mine/pears'), { recursive: true })
    await put('mine/holidays/picture.txt')
    const ofCache = await snapshot('models--someone--tiny')
    const { rows } = await list([join(root, 'mine'), ofCache, join(root, 'gone')])
    const named = rows.filter(({ place }) => place === 'folder')
    expect(named.map(({ id }) => id)).toEqual(['apples', 'pears', 'gone'])
    expect(named[2].problem).toContain('is not there')
  })
})

describe('the record of a model’s use', () => {
  const { encode, decode } = presetFor('pixels', 'standard')
  const report = (psnr: number, changes: Partial<EncodeReport> = {}) =>
    ({
      seconds: 9,
      evaluations: 50,
      fidelity: { psnr },
      compute: { device: 'a card' },
      source: { name: 'a.png', sha256: 'a'.repeat(64) },
      healthBefore: null,
      prompts: null,
      encode,
      decode,
      ...changes,
    }) as EncodeReport
  const pace = (secondsPerEvaluation: number | null) => ({ secondsPerEvaluation, secondsPerDecoding: 0.004 })
  const other = { source: { name: 'b.png', sha256: 'b'.repeat(64) } }

  it('keeps evaluation time and mean fidelity across restarts, and leaves out what was not timed', async () => {
    const path = join(root, 'uses/modelUses.json')
    const uses = new ModelUses(path)
    await uses.note('/models/a', report(40), pace(0.02))
    await uses.note('/models/a', report(50, other), pace(0.01))
    await uses.note('/models/a', report(99, { seconds: 0 }), pace(0.5))
    await uses.note('/models/a', report(99), pace(null))
    expect((await new ModelUses(path).read()).get('/models/a')).toMatchObject({
      evaluationMilliseconds: 10,
      decodingMilliseconds: 4,
      psnr: 45,
      pictures: 2,
      device: 'a card',
    })
  })

  it('counts each picture once, and none that something else than the steps changed (would catch a mean that falls with every draft of one picture)', async () => {
    const path = join(root, 'uses/once.json')
    const uses = new ModelUses(path)
    await uses.note('/models/a', report(30), pace(0.01))
    await uses.note('/models/a', report(50), pace(0.01))
    await uses.note('/models/a', report(44, other), pace(0.01))
    const ideal = { mean: 0, std: 1, normRatio: 1, kurtosis: 0, neighbourCorrelation: 0 }
    await uses.note('/models/a', report(10, { healthBefore: ideal }), pace(0.01))
    await uses.note('/models/a', report(10, { decode: { ...decode, eta: 1 } }), pace(0.01))
    const loosen = { percent: 20, seed: 0 }
    await uses.note('/models/a', report(10, { encode: { ...encode, loosen } }), pace(0.01))
    const prompts = { prompt: 'a pear', sourcePrompt: 'an apple' }
    await uses.note('/models/a', report(10, { prompts }), pace(0.01))
    expect((await uses.read()).get('/models/a')).toMatchObject({ psnr: 47, pictures: 2 })
  })

  it('opens what an earlier version recorded, and starts a new mean from it', async () => {
    await put(
      'old.json',
      JSON.stringify({ '/models/a': { evaluationMilliseconds: 10, psnr: 20, pictures: 9, device: null } }),
    )
    const uses = new ModelUses(join(root, 'old.json'))
    expect((await uses.read()).get('/models/a')).toMatchObject({
      psnr: 20,
      pictures: 9,
      decodingMilliseconds: null,
    })
    await uses.note('/models/a', report(40), pace(0.01))
    expect((await uses.read()).get('/models/a')).toMatchObject({ psnr: 40, pictures: 1 })
  })

  it('causes no error if its file cannot be written or is damaged', async () => {
    await put('file')
    await new ModelUses(join(root, 'file/uses.json')).note('/models/a', report(40), pace(0.02))
    await put('damaged.json', '{"a": 1')
    expect((await new ModelUses(join(root, 'damaged.json')).read()).size).toBe(0)
  })
})
