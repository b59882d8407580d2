import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabReport } from '#shared/lab'
import { newFolder, runCli, startCli, tinyModel, type RunningCli } from '../fixtures/cli'

/*
 * The network on servers that people run, which Python's index has. SLERP_SERVER_PYTHON names a Python with
 * `kserve onnxruntime`, `nvidia-pytriton onnxruntime`, or both; .ci/run makes one with the first.
 */
const python = process.env['SLERP_SERVER_PYTHON'] ?? 'python3'
const servers = [
  { name: 'KServe’s own server', module: 'kserve', script: 'kserve_server.py' },
  { name: 'NVIDIA Triton', module: 'pytriton', script: 'triton.py' },
].map((server) => ({ ...server, isHere: hasModule(server.module) }))

/** Triton's own stub runs the Python and the library of it that it finds first, which have to be those of its modules. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const look = 'import sys, sysconfig; print(sys.prefix); print(sysconfig.get_config_var("LIBDIR"))'
  const [prefix, libraries] = spawnSync(python, ['-c', look], { encoding: 'utf8' }).stdout.trim().split('\n')
  const { PATH, LD_LIBRARY_PATH } = process.env
  return {
    ...process.env,
    PATH: [join(prefix, 'bin'), PATH].join(':'),
    LD_LIBRARY_PATH: [libraries, LD_LIBRARY_PATH].filter(Boolean).join(':'),
  }
}

function hasModule(module: string): boolean {
  const look = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`
  return spawnSync(python, ['-c', look]).status === 0
}

if (!servers.some(({ isHere }) => isHere)) {
  const line = '='.repeat(80)
  const notice = `No real server is tested: "${python}" has neither kserve nor nvidia-pytriton. Name one that has in SLERP_SERVER_PYTHON.`
  if (process.env['SLERP_REQUIRE_E2E'] === '1') throw new Error(notice)
  console.error(`\n${line}\n${notice}\n${line}\n`)
}

const pictures = ['apple-red-yellow', 'tomato-cherry-red'].map((name) =>
  resolve(`resources/samples/${name}.webp`),
)
let repository: string

beforeAll(async () => {
  const folder = newFolder()
  expect((await runCli(['export-onnx', tinyModel, '--to', 'repository'], folder)).code).toBe(0)
  repository = join(folder, 'repository')
})

/** A port that nobody uses; Triton takes the two above it as well, which are most likely free. */
async function freePort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((settle) => listener.listen(0, '127.0.0.1', settle))
  const address = listener.address()
  await new Promise((settle) => listener.close(settle))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

/** A server in a process of its own, which answers on one port of this machine. */
class Server {
  #process: ChildProcess | null = null

  constructor(
    private readonly script: string,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it, and waits until it is ready for requests. */
  async start(): Promise<void> {
    const args = [resolve('test/servers', this.script), repository, String(this.port)]
    this.#process = spawn(python, args, {
      detached: true,
      stdio: 'ignore',
      env: serverEnvironment(),
    })
    for (;;) {
      const answer = await fetch(`${this.url}/v2/models/unet/ready`).catch(() => null)
      if (answer?.ok) return
      if (this.#process.exitCode !== null)
        throw new Error(`${this.script} ended with ${this.#process.exitCode}`)
      await sleep(200)
    }
  }

  /** Kills it, with the processes that it started. */
  async kill(): Promise<void> {
    const { pid, exitCode } = this.#process ?? {}
    if (pid === undefined || exitCode !== null) return
    const end = new Promise((settle) => this.#process?.once('close', settle))
    process.kill(-pid, 'SIGKILL')
    await end
  }
}

/** Runs a command that has to work. */
async function run(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, folder)
  expect(code, stderr).toBe(0)
  return stdout
}

function framesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

describe.each(servers.filter(({ isHere }) => isHere))('the network on $name', ({ script }) => {
  let server: Server
  let remote: string[]
  const local = ['-m', tinyModel, '--device', 'cpu', '--threads', '1']

  beforeAll(async () => {
    server = new Server(script, await freePort())
    remote = ['-m', tinyModel, '--server', server.url, '--threads', '1']
    await server.start()
  })

  afterAll(() => server.kill())

  it('encodes to the same bits as the CPU', async () => {
    const folder = newFolder()
    for (const [name, where] of [
      ['local.npy', local],
      ['remote.npy', remote],
    ] as const) {
      await run(['encode', pictures[0], ...where, '--steps', '20', '-o', name], folder)
    }
    expect(readFileSync(join(folder, 'remote.npy')).equals(readFileSync(join(folder, 'local.npy')))).toBe(
      true,
    )
  })

  it('measures the same in a study of the Lab', async () => {
    const folder = newFolder()
    const study = ['lab', ...pictures, '--solvers', 'ddim,2m', '--steps', '5,10', '--no-figures']
    const read = (name: string): LabReport => JSON.parse(readFileSync(join(folder, name, 'lab.json'), 'utf8'))
    await run([...study, ...local, '-o', 'local'], folder)
    await run([...study, ...remote, '-o', 'remote'], folder)
    const [here, there] = [read('local').cells, read('remote').cells]
    expect(there).toHaveLength(here.length)
    for (const [i, { mse, latentStd }] of there.entries()) {
      expect(Math.abs(mse - here[i].mse)).toBeLessThan(1e-6)
      expect(Math.abs(latentStd - here[i].latentStd)).toBeLessThan(1e-6)
    }
  })

  it('may be killed in the middle of a film: the work waits, says so, and the film is the same', async () => {
    const folder = newFolder()
    const film = ['morph', ...pictures, ...remote, '--frames', '24', '--batch', '2', '--steps', '30']
    /** With a cache of its own, so that no frame comes from the film before. */
    const start = (name: string): RunningCli =>
      startCli([...film, '-o', name], folder, { XDG_CACHE_HOME: newFolder() })
    const whole = await start('whole').result
    expect(whole.code, whole.stderr).toBe(0)

    const running = start('killed')
    let said = ''
    running.process.stderr?.on('data', (chunk) => (said += chunk))
    const partial = join(folder, 'killed.partial')
    await expect
      .poll(() => existsSync(partial) && readdirSync(partial).length, { timeout: 60_000 })
      .toBeGreaterThan(4)
    await server.kill()
    await expect.poll(() => said, { timeout: 60_000 }).toContain('the work waits')
    expect(Object.keys(framesOf(partial)).length, 'it was killed in the middle').toBeLessThan(24)
    await server.start()
    const { code, stderr } = await running.result
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('answers again')
    expect(framesOf(join(folder, 'killed'))).toEqual(framesOf(join(folder, 'whole')))
  })
})
