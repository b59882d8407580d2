import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { malformedPictures } from '../fixtures/malformedPictures'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'

const apple = resolve('resources/samples/apple-red-yellow.webp')
const weights = 'unet/diffusion_pytorch_model.safetensors'
const quick = ['--steps', '2', '--threads', '1']

/** A copy of the tiny model, damaged by the test. */
function damagedModel(damage: (folder: string) => void): string {
  const folder = join(newFolder(), 'damaged')
  cpSync(tinyModel, folder, { recursive: true })
  damage(folder)
  return folder
}

function editConfig(folder: string, change: Record<string, unknown>): void {
  const path = join(folder, 'unet/config.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
}

function fillWithNaN(folder: string): void {
  const bytes = readFileSync(join(folder, weights))
  bytes.fill(0xff, bytes.length - 4096)
  writeFileSync(join(folder, weights), bytes)
}

/** Runs a command that must fail: one sentence on stderr, a nonzero exit code, nothing written. */
async function expectRefusal(args: readonly string[], sentence: RegExp): Promise<void> {
  const folder = newFolder()
  const { code, stderr, stdout } = await runCli(args, folder)
  expect(code, stderr).toBeGreaterThan(0)
  expect(stdout).toBe('')
  expect(stderr).toMatch(sentence)
  expect(stderr).toMatch(/^slerp-studio: [^\n]+\n$/)
  expect(readdirSync(folder)).toEqual([])
}

describe('rejects a call with', () => {
  it.each<[string, string[], RegExp]>([
    ['steps below 1', ['encode', apple, '--steps', '0'], /steps.*at least 1/],
    ['steps above T', ['encode', apple, '--model', tinyModel, '--steps', '1001'], /1001.*1000/],
    ['steps that are no number', ['encode', apple, '--steps', 'many'], /many.*whole number/],
    ['eta above 1', ['encode', apple, '--eta', '1.5'], /0 to 1/],
    ['no picture', ['encode'], /argument 'picture'.*--help/],
    ['one picture for a morph', ['morph', apple], /at least two pictures.*apple-red-yellow\.webp/],
    ['three pictures for a grid', ['grid', apple, apple, apple], /four pictures, not 3/],
    ['five pictures for a grid', ['grid', ...Array<string>(5).fill(apple)], /four pictures, not 5/],
    ['an empty path for a picture', ['encode', ''], /'picture'.*Give a path/],
    ['an empty path for a model', ['encode', apple, '--model', ''], /--model.*Give a path/],
    ['an empty path for the output', ['morph', apple, apple, '-o', ''], /--output.*Give a path/],
    ['a colour by name', ['encode', apple, '--background', 'white'], /--background.*#rrggbb/],
    ['an unknown option', ['encode', apple, '--stesp', '5'], /'--stesp'.*--steps.*--help/],
    ['an unknown command', ['encoed', apple], /'encoed'.*encode.*--help/],
    ['an unknown solver', ['encode', apple, '--solver', 'euler'], /Allowed choices are/],
    ['an output of unknown kind', ['morph', apple, apple, '-o', 'film.avi'], /film\.avi/],
    ['a missing picture', ['encode', 'nowhere.png'], /nowhere\.png/],
    ['a folder for a picture', ['encode', resolve('resources')], /folder/],
    [
      'an output below nothing',
      ['encode', apple, ...quick, '--model', tinyModel, '-o', 'no/such/a.npy'],
      /no\/such/,
    ],
  ])('%s', async (_, args, sentence) => expectRefusal(args, sentence))
})

it('reports an invalid call as a JSON object with --json (would catch programs that get an empty answer)', async () => {
  const { code, stdout } = await runCli(['encode', apple, '--steps', 'many', '--json'], newFolder())
  expect(code).toBe(64)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
})

describe('loading a model', () => {
  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'no model at all',
      (folder) => rmSync(join(folder, 'unet'), { recursive: true }),
      /not a (diffusers )?model|unet/,
    ],
    [
      'a Git LFS pointer',
      (folder) => {
        const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'
        writeFileSync(join(folder, weights), pointer)
      },
      /Git.?LFS/i,
    ],
    [
      'truncated weights',
      (folder) =>
        writeFileSync(join(folder, weights), readFileSync(join(folder, weights)).subarray(0, 200_000)),
      /diffusion_pytorch_model\.safetensors/,
    ],
    [
      'damaged PyTorch weights',
      (folder) => {
        rmSync(join(folder, weights))
        writeFileSync(join(folder, 'unet/diffusion_pytorch_model.bin'), Buffer.from('PK\x03\x04pickle'))
      },
      /diffusion_pytorch_model\.bin is not a whole file of PyTorch weights/,
    ],
    [
      'an unsupported block',
      (folder) => editConfig(folder, { mid_block_type: 'UNetMidBlock2DCrossAttn' }),
      /CrossAttn/,
    ],
    ['a missing tensor', (folder) => editConfig(folder, { layers_per_block: 2 }), /tensor|layers|resnets/],
    ['a wrong shape', (folder) => editConfig(folder, { block_out_channels: [16, 32, 64] }), /shape|\[/],
    ['NaN weights', fillWithNaN, /NaN/],
  ])('fails in one sentence: %s', async (_, damage, sentence) => {
    await expectRefusal(['encode', apple, ...quick, '--model', damagedModel(damage)], sentence)
  })

  it('fails for NaN weights even if no picture is encoded first (would catch an empty work folder left behind)', async () => {
    const model = damagedModel(fillWithNaN)
    await expectRefusal(['sample', '--count', '2', ...quick, '--model', model], /NaN/)
  })

  it('reads weights through symbolic links, as in a Hugging Face cache', async () => {
    const blob = join(newFolder(), 'blob')
    const model = damagedModel((folder) => {
      cpSync(join(folder, weights), blob)
      rmSync(join(folder, weights))
      symlinkSync(blob, join(folder, weights))
    })
    expect(await runCli(['encode', apple, ...quick, '--model', model], newFolder())).toMatchObject({
      code: 0,
    })
  })
})

it('refuses a latent of another model and names both models', async () => {
  const folder = newFolder()
  await runCli(['encode', apple, ...quick, '--model', tinyModel, '-o', 'a.safetensors'], folder)
  const { code, stderr } = await runCli(['decode', 'a.safetensors', ...quick, '--model', 'fruits-64'], folder)
  expect(code).toBe(65)
  expect(stderr).toMatch(/one-layer/)
  expect(stderr).toMatch(/fruits-64/)
  expect(readdirSync(folder)).toEqual(['a.safetensors'])
})

describe('a malformed picture', () => {
  const pictures = malformedPictures()

  it('is tested in at least sixty kinds', () => expect(pictures.length).toBeGreaterThanOrEqual(60))

  it.each(pictures.map((picture) => [picture.name, picture] as const))(
    'is refused in one sentence: %s',
    async (name, picture) => {
      const path = join(newFolder(), name)
      picture.write(path)
      await expectRefusal(['encode', path, ...quick, '--model', tinyModel], /^slerp-studio: .+\.\n$/)
    },
  )
})
