import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newFolder, runCli, startCli, tinyModel } from '../fixtures/cli'
import { StandInHub } from '../fixtures/standInHub'

const id = 'someone/tiny'
const commit = '0123456789abcdef0123456789abcdef01234567'
/** The commit of the branch `v2`. */
const branch = 'f'.repeat(40)
const weightsName = 'unet/diffusion_pytorch_model.safetensors'
const read = (name: string) => readFileSync(join(tinyModel, name))
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex')
const picture = resolve('resources/samples/apple-golden.webp')

let hub: StandInHub
let cache: string
beforeEach(async () => {
  const names = ['model_index.json', 'scheduler/scheduler_config.json', 'unet/config.json', weightsName]
  hub = await StandInHub.start({
    [id]: {
      commit,
      branches: { v2: branch },
      files: Object.fromEntries(names.map((name) => [name, read(name)])),
    },
  })
  cache = join(newFolder(), 'hub')
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
  vi.stubEnv('HF_HUB_CACHE', cache)
  vi.stubEnv('HF_TOKEN', 'hf_of_a_test')
  vi.stubEnv('NO_PROXY', '127.0.0.1')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
})

const partPath = () => join(cache, 'models--someone--tiny/blobs', `${hashOf(read(weightsName))}.incomplete`)

/** Starts a slow download and waits until some of it is on disk. */
async function beginPull(bytes: number) {
  hub.fault = (path) => (path === weightsName ? { slow: 10 } : {})
  const running = startCli(['pull', id, '--json'])
  while (!existsSync(partPath()) || statSync(partPath()).size < bytes) await setTimeout(10)
  return running
}

it('pull resumes from the data on disk after the program is killed', async () => {
  for (const bytes of [100_000, 600_000, 1_200_000]) {
    const { process: command, result } = await beginPull(bytes)
    command.kill('SIGKILL')
    await result
    // The download process ends when it notices that its parent is gone.
    await setTimeout(500)
    const kept = statSync(partPath()).size
    expect(existsSync(join(cache, 'models--someone--tiny/refs'))).toBe(false)
    expect(kept).toBeGreaterThanOrEqual(bytes)
  }
  hub.fault = () => ({})
  const { code, stdout } = await runCli(['pull', id, '--json'])
  expect(code).toBe(0)
  const { path } = JSON.parse(stdout) as { path: string }
  expect(hashOf(readFileSync(join(path, weightsName)))).toBe(hashOf(read(weightsName)))
  const starts = hub.served.filter((answer) => answer.path === weightsName).map(({ from }) => from)
  expect(starts).toHaveLength(4)
  expect(starts[0]).toBe(0)
  for (const [i, bytes] of [100_000, 600_000, 1_200_000].entries())
    expect(starts[i + 1]).toBeGreaterThanOrEqual(bytes)
})

it('pull of the address of a branch does not name main (would catch the weights of another branch in use)', async () => {
  const { stdout } = await runCli(['pull', `${hub.endpoint}/${id}/tree/v2`])
  expect(stdout).toContain(`--model ${join(cache, 'models--someone--tiny/snapshots', branch)}`)
})

it('pull keeps the downloaded data at Ctrl-C, and a pulled model works offline', async () => {
  const { process: command, result } = await beginPull(200_000)
  command.kill('SIGINT')
  const stopped = await result
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toContain('What has been downloaded is kept')
  hub.fault = () => ({})
  expect((await runCli(['pull', id])).stdout).toContain(`--model ${id}`)

  const asked = hub.requests.length
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  const info = JSON.parse((await runCli(['info', id, '--json'])).stdout) as Record<string, unknown>
  expect(info).toMatchObject({ ok: true, id: 'tiny', hub: { repository: id, commit } })
  const { rows } = JSON.parse((await runCli(['models', '--json'])).stdout) as {
    rows: { id: string; problem: null }[]
  }
  expect(rows).toContainEqual(expect.objectContaining({ id, commit, problem: null, isUnfinished: false }))
  const output = join(newFolder(), 'latent.safetensors')
  expect((await runCli(['encode', picture, '-m', id, '--steps', '2', '-o', output])).code).toBe(0)
  expect(hub.requests).toHaveLength(asked)

  const refused = await runCli(['pull', id, '--json'])
  expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
  expect(refused.stderr).toContain('HF_HUB_OFFLINE')
})
