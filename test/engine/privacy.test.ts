import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, tinyModel } from '../fixtures/cli'
import { mayWatch, watchNode, type WatchedRun } from '../fixtures/systemCalls'

const isWatched = mayWatch('What is sent and written is')
const cli = resolve('out/main/cli.js')
const picture = resolve('resources/samples/apple-red-yellow.webp')

/** An empty home, except for a folder of results that receives a command's output. */
function newHome(): { home: string; output: string } {
  const home = newFolder()
  mkdirSync(join(home, 'results'))
  return { home, output: join(home, 'results/latent.safetensors') }
}

/**
 * The forbidden sockets of a run, and the files it wrote outside the program's own cache, `results`, and the
 * program's own names in the temporary folder.
 */
function leftBehind(run: WatchedRun, home: string): { files: string[]; sockets: readonly string[] } {
  const cache = join(home, '.cache')
  const own = [join(cache, 'slerp-studio'), join(home, 'results'), join(home, 'tmp/slerp-studio-')]
  const files = run.written.filter(
    (path) => path !== cache && path !== '/dev/null' && !own.some((place) => path.startsWith(place)),
  )
  return { files, sockets: run.foreignSockets }
}

describe.runIf(isWatched)('forbidden sockets and leftover files of a command', () => {
  it('do not occur when a latent is encoded and saved', async () => {
    const { home, output } = newHome()
    const run = await watchNode([cli, 'encode', picture, '-m', tinyModel, '--steps', '2', '-o', output], home)
    expect(run.code).toBe(0)
    expect(run.written).toContain(output)
    expect(leftBehind(run, home)).toEqual({ files: [], sockets: [] })
  })

  it('do not occur in an encoding of 20 seconds (would catch onnxruntime’s telemetry, which waits 12 seconds)', async () => {
    const { home, output } = newHome()
    const slow = ['--model', 'fruits-64', '--steps', '999', '--threads', '1']
    const run = await watchNode([cli, 'encode', picture, ...slow, '-o', output], home, 20)
    expect(run.code, 'it was still at work when it was interrupted').toBe(130)
    expect(leftBehind(run, home)).toEqual({ files: [], sockets: [] })
  })

  it('are detected if they occur (would catch a watcher that sees nothing)', async () => {
    const { home } = newHome()
    const chatty = `
      require('fs').writeFileSync('left-behind', 'x')
      require('fs').renameSync('left-behind', 'moved')
      require('dgram').createSocket('udp4').send('x', 9, '192.0.2.1', () => process.exit())
    `
    const run = await watchNode(['-e', chatty], home)
    const { files, sockets } = leftBehind(run, home)
    expect(files).toEqual([join(home, 'left-behind'), join(home, 'moved')])
    expect(sockets.join('\n')).toContain('192.0.2.1')
  })
})
