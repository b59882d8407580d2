import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '#shared/errors'
import type { EncodeReport } from '#shared/reports'
import { installApp } from './installedApp'
import { showWindow, type Shown } from './window'

const app = installApp()
const resources = join(app.root, 'opt/slerp-studio/resources')
const samples = ['apple-red-yellow.webp', 'tomato-cherry-red.webp'].map((name) =>
  join(resources, 'samples', name),
)
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
if (app.sight !== null)
  console.error(
    `\n${'='.repeat(80)}\nThe repository is in sight of the app: ${app.sight}.\n${'='.repeat(80)}\n`,
  )

/** Running processes of the installed app: their ids and command lines. */
function processes(): { pid: number; command: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, command] = /^\s*(\d+) (.*)$/.exec(line) ?? []
      return command?.startsWith(app.program) ? [{ pid: Number(pid), command }] : []
    })
}

describe('the command line', () => {
  it('prints its version with no Node on the PATH and no repository in sight', () => {
    expect(app.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('checks the devices', () => {
    const { code, stdout } = app.run(['devices', '--json'])
    expect(code).toBe(0)
    const { devices } = JSON.parse(stdout) as { devices: { provider: string; proved: boolean }[] }
    expect(devices).toContainEqual(expect.objectContaining({ provider: 'cpu', proved: true }))
  })

  it('encodes a picture', () => {
    const output = join(app.home, 'latent.safetensors')
    const { code, stderr } = app.run(['encode', samples[0], '--steps', '4', '--device', 'cpu', '-o', output])
    expect(stderr).not.toMatch(/ERROR/)
    expect(code).toBe(0)
    expect(existsSync(output)).toBe(true)
  })

  it('exports an animation', () => {
    const output = join(app.home, 'film.gif')
    const plan = ['--frames', '3', '--steps', '4', '--device', 'cpu']
    expect(app.run(['morph', ...samples, ...plan, '-o', output]).code).toBe(0)
    expect(readFileSync(output).toString('latin1', 0, 6)).toBe('GIF89a')
  })

  it('reads a HEIC picture with a libheif that users can replace', () => {
    expect(
      existsSync(join(resources, 'app.asar.unpacked/node_modules/libheif-js/libheif-wasm/libheif-bundle.js')),
    ).toBe(true)
    const output = join(app.home, 'heic.safetensors')
    const picture = join(app.home, 'picture.heic')
    cpSync('test/fixtures/pictures/upright.heic', picture)
    expect(app.run(['encode', picture, '--steps', '2', '--device', 'cpu', '-o', output])).toMatchObject({
      code: 0,
    })
  })

  it('reports an invalid call with one sentence and the exit code for wrong usage', () => {
    const { code, stderr } = app.run(['nonsense'])
    // EX_USAGE of sysexits.h.
    expect(code).toBe(64)
    expect(stderr).toMatch(/^slerp-studio: Unknown command 'nonsense'/)
  })

  it('finishes its step at Ctrl-C, which reaches all of its processes, and exits with 130', async () => {
    const output = join(app.home, 'stopped.safetensors')
    const args = ['encode', samples[0], '--steps', '900', '--threads', '1', '--device', 'cpu', '-o', output]
    const program = app.start(join(app.root, 'usr/bin/slerp-studio'), args)
    let printed = ''
    program.stderr?.on('data', (text: Buffer) => (printed += String(text)))
    await expect
      .poll(() => processes().some(({ command }) => command.includes('node.mojom')), { timeout: 30_000 })
      .toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    for (const { pid } of processes()) process.kill(pid, 'SIGINT')
    const [code] = (await once(program, 'exit')) as [number]
    expect(printed).toContain('Cancelled by SIGINT')
    expect(printed).not.toContain('unexpectedly')
    expect(code).toBe(130)
    expect(existsSync(output)).toBe(false)
  })

  it('reports a missing display when a window is to open', () => {
    const { code, stderr } = app.run([], { DISPLAY: '', WAYLAND_DISPLAY: '' })
    expect(code).toBe(1)
    expect(stderr).toContain('there is no display')
  })
})

/** The program's version and complaints, printed without its launcher, which hides the latter. */
async function printedBy(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = ['--command-line', '--ozone-platform=headless', '--no-sandbox', '--', '--version']
  const program = app.start(app.program, [...args, ...command], env)
  let printed = ''
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (text: Buffer) => (printed += String(text)))
  await once(program, 'close')
  return printed
}

describe('the installed program', () => {
  it('does not act as Node with ELECTRON_RUN_AS_NODE', () => {
    const { stdout } = app.run(['--version'], { ELECTRON_RUN_AS_NODE: '1' })
    expect(stdout).toBe(`${version}\n`)
  })

  it('runs no code from NODE_OPTIONS', async () => {
    const marker = join(app.home, 'marker')
    const script = join(app.home, 'evil.cjs')
    writeFileSync(script, `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`)
    const printed = await printedBy([], { NODE_OPTIONS: `--require ${script}` })
    expect(existsSync(marker)).toBe(false)
    expect(printed).toContain(version)
    // Without the fuse, Electron would read the variable and complain about unsupported options.
    expect(printed).not.toMatch(/NODE_OPTION/i)
  })

  it.each(['--inspect=0', '--inspect-brk=0'])('opens no debugger with %s', async (argument) => {
    const printed = await printedBy([argument])
    expect(printed).toContain(version)
    expect(printed).not.toContain('Debugger listening')
  })

  it('runs no folder in place of its archive', () => {
    const folder = join(resources, 'app')
    const marker = join(app.home, 'folder-ran')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{"main":"index.js"}')
    writeFileSync(
      join(folder, 'index.js'),
      `require('fs').writeFileSync(${JSON.stringify(marker)}, ''); process.exit(0)`,
    )
    const archive = join(resources, 'app.asar')
    renameSync(archive, `${archive}.away`)
    try {
      expect(app.run(['--version']).stdout).toBe('')
    } finally {
      renameSync(`${archive}.away`, archive)
    }
    expect(existsSync(marker)).toBe(false)
    expect(app.run(['--version']).stdout).toBe(`${version}\n`)
  })
})

describe('the window', () => {
  let shown: Shown
  beforeAll(async () => void (shown = await showWindow(app)))
  afterAll(() => shown.close())

  it('opens with the sample pictures', async () => {
    const { page, startMilliseconds } = shown
    console.log(`Start time, packed: ${startMilliseconds.toFixed(0)} ms until the pictures are listed.`)
    expect(page.url()).toBe('app://studio/index.html')
    expect(await page.title()).toContain('Slerp Studio')
  })

  it('encodes a picture', async () => {
    const { page } = shown
    const result = (await page.evaluate(
      ([model, picture]) =>
        window.studio.request(
          'latent.encode',
          {
            model: { path: model, device: 'cpu' },
            picture: { path: picture },
            encode: { steps: 4 },
            decode: { steps: 4 },
          },
          'encode',
        ),
      [join(resources, 'models/fruits-64'), samples[0]],
    )) as Result<EncodeReport>
    expect(result).toMatchObject({ ok: true })
  })

  it('runs its page in Chromium’s sandbox (seccomp, no new privileges, separate namespaces)', () => {
    const renderer = processes().find(({ command }) => command.includes('--type=renderer'))!
    expect(renderer.command).not.toContain('--no-sandbox')
    const status = readFileSync(`/proc/${renderer.pid}/status`, 'utf8')
    // 2 is SECCOMP_MODE_FILTER: proc(5).
    expect(status).toMatch(/^Seccomp:\t2$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    for (const kind of ['pid', 'net']) {
      expect(readlinkSync(`/proc/${renderer.pid}/ns/${kind}`)).not.toBe(readlinkSync(`/proc/self/ns/${kind}`))
    }
  })

  it('receives a file that the desktop opens by the entry’s command', async () => {
    const { page } = shown
    const entry = readFileSync(join(app.root, 'usr/share/applications/slerp-studio.desktop'), 'utf8')
    const [, command] = /^Exec=(\S+) %F$/m.exec(entry)!
    const received = page.evaluate(
      () => new Promise<string[]>((resolve) => window.studio.on('openFiles', ({ paths }) => resolve(paths))),
    )
    const second = app.start(join(app.root, command), [samples[1]])
    expect(await received).toEqual([samples[1]])
    if (second.exitCode === null) await once(second, 'exit')
    expect(second.exitCode).toBe(0)
  })

  it('opens a project that the desktop passes to a second start', async () => {
    const { page } = shown
    const project = join(app.home, 'two fruits.slerp')
    expect(app.run(['project', 'new', project, ...samples, '--device', 'cpu', '--steps', '4'])).toMatchObject(
      { code: 0 },
    )
    const second = app.start(app.program, [project])
    if (second.exitCode === null) await once(second, 'exit')
    await page.getByText('two fruits').first().waitFor()
  })
})
