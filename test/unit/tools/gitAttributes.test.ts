import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { emptyFolder } from '../../fixtures/exportTarget'

/** Returns the bytes of these files after a checkout as on Windows, where git by default ends lines with CRLF. */
function checkedOut(files: Readonly<Record<string, Buffer>>): Record<string, Buffer> {
  const folder = emptyFolder()
  const git = (...options: string[]) =>
    execFileSync('git', ['-c', 'core.autocrlf=true', ...options], { cwd: folder, stdio: 'pipe' })
  git('init')
  copyFileSync('.gitattributes', join(folder, '.gitattributes'))
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  git('add', '--all')
  for (const name of Object.keys(files)) rmSync(join(folder, name))
  git('checkout-index', '--all', '--force')
  return Object.fromEntries(Object.keys(files).map((name) => [name, readFileSync(join(folder, name))]))
}

it('a checkout on Windows has the bundled models’ files as they are (would catch CRLF, and thus another SHA-256)', () => {
  const names = ['model_index.json', 'unet/config.json', 'scheduler/scheduler_config.json', 'README.md']
  const paths = names.map((name) => join('resources/models/fruits-64', name))
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(path)]))
  expect(checkedOut(files)).toEqual(files)
})

it.each(['safetensors', 'pt', 'npz', 'onnx', 'png', 'webp', 'jpg', 'heic', 'woff2'])(
  'a .%s file is never taken for text, whatever its bytes',
  (ending) => {
    const files = { [`a.${ending}`]: Buffer.from('looks like text\r\nand is none\n') }
    expect(checkedOut(files)).toEqual(files)
  },
)
