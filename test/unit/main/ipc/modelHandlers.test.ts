import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bundledModelName } from '#files/installation'
import type { Preferences } from '#shared/app'
import { modelHandlers } from '../../../../src/main/ipc/modelHandlers'

/** Sorted by name, the default model would not be the first of them. */
const models = ['apples', bundledModelName]
let resources: string
beforeEach(async () => {
  resources = await mkdtemp(join(tmpdir(), 'resources-'))
  for (const name of models) await mkdir(join(resources, 'models', name), { recursive: true })
})
afterEach(() => rm(resources, { recursive: true }))

function handlersWith(value: Partial<Preferences>) {
  const request = vi.fn(async () => ({ ok: true, data: { rows: [] } }))
  const startDownload = vi.fn()
  const handlers = modelHandlers({
    engine: { request } as never,
    preferences: { value: { downloads: true, modelFolders: [], modelPath: null, ...value } as Preferences },
    resources,
    startDownload,
    onProgress: () => undefined,
  })
  return { handlers, request, startDownload }
}

const context = { requestId: '1', signal: new AbortController().signal }

it('lists the default model first, and each opened model and named folder only once', async () => {
  const ours = join(resources, 'models', bundledModelName)
  const { handlers, request } = handlersWith({ modelPath: '/a', modelFolders: ['/b', '/a', ours] })
  await handlers['models.list']({}, context)
  const bundled = [ours, join(resources, 'models/apples')]
  expect(request).toHaveBeenCalledWith('model.list', { bundled, folders: ['/a', '/b'] })
})

it('starts no download when downloads are switched off', async () => {
  const { handlers, startDownload } = handlersWith({ downloads: false })
  await expect(handlers['models.pull']({ model: 'a/b' }, context)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(startDownload).not.toHaveBeenCalled()
})
