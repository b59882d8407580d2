import { ESLint } from 'eslint'
import ts from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { rooms } from '../../../tools/lint/rooms.mjs'

/** For each room, what a file of it may and may not import. */
const probes: Record<string, { allowed: string[]; refused: string[] }> = {
  'core/diffusion/probe.ts': {
    allowed: ['./tensor', './solvers/ddim'],
    refused: ['node:fs', 'zod', 'd3-scale', '../timeline/easing', '#shared/errors'],
  },
  'core/DomainError.ts': {
    allowed: [],
    refused: ['./numbers/median', './diffusion/tensor', 'node:fs', '#shared/errors'],
  },
  'core/numbers/probe.ts': {
    allowed: ['./median'],
    refused: ['node:fs', '../DomainError', '../random/gaussian', '../diffusion/tensor', '#shared/errors'],
  },
  'core/random/probe.ts': {
    allowed: ['../DomainError'],
    refused: ['node:crypto', '../numbers/median', '../diffusion/tensor', '#shared/errors'],
  },
  'core/timeline/probe.ts': {
    allowed: ['../diffusion/tensor', '#core/diffusion/tensor'],
    refused: ['node:path', 'zod', '#shared/errors', '../format/numbers'],
  },
  'core/format/quantities.ts': {
    allowed: [],
    refused: ['../diffusion/tensor', './chart/axis', 'd3-scale', 'node:util', '#shared/errors'],
  },
  'core/format/probe.ts': {
    allowed: ['d3-scale', 'd3-shape', '../diffusion/tensor'],
    refused: ['../timeline/timeline', 'd3-array', 'node:util', 'vue', '#shared/errors'],
  },
  'shared/probe.ts': {
    allowed: ['zod', '#core/diffusion/tensor', './errors'],
    refused: ['node:fs', 'electron', '#files/atomicFile', '#engine/serve', '#host/client', 'd3-scale'],
  },
  'core/picture/probe.ts': {
    allowed: ['#core/picture/pixels'],
    refused: ['node:fs', '../timeline/path', '#shared/errors', '@napi-rs/canvas'],
  },
  'core/statistics/probe.ts': {
    allowed: ['../random/gaussian', './frechet'],
    refused: ['node:fs', '../timeline/path', '#shared/errors', 'zod'],
  },
  'files/probe.ts': {
    allowed: ['node:fs/promises', 'proper-lockfile', 'zip-stream', '#shared/errors', './atomicFile'],
    refused: ['#engine/serve', '#host/client', 'electron', 'zod'],
  },
  'child/probe.ts': {
    allowed: ['#shared/engineMessages'],
    refused: ['node:fs', '#engine/serve', '#host/client', 'electron', 'zod'],
  },
  'engine/memo/probe.ts': {
    allowed: ['lru-cache', './untilAborted'],
    refused: ['node:fs', 'zod', '#core/diffusion/tensor', '../model/network/onnx', '../job/Job', '../serve'],
  },
  'engine/model/weights/probe.ts': {
    allowed: ['node:fs/promises', '#files/fileAccess', './dtypes'],
    refused: [
      '../graph/graphWriter',
      '../folders/modelInfo',
      '../../image/decodePng',
      'onnxruntime-node',
      '#host/client',
    ],
  },
  'engine/model/network/probe.ts': {
    allowed: ['./onnx', '#core/diffusion/tensor', '#files/cacheFolder'],
    refused: [
      'onnxruntime-node',
      '../graph/graphWriter',
      '../denoiser/openModel',
      '../../job/Job',
      '@napi-rs/canvas',
    ],
  },
  'engine/model/network/onnx.ts': { allowed: ['onnxruntime-node'], refused: ['@napi-rs/canvas'] },
  'engine/model/server/probe.ts': {
    allowed: ['undici', 'zod', '../network/Network', '#files/fileErrors'],
    refused: ['node:http', 'node:net', 'onnxruntime-node', '../denoiser/openModel', '../graph/graphWriter'],
  },
  'engine/model/graph/probe.ts': {
    allowed: ['@bufbuild/protobuf', '../weights/networkWeights'],
    refused: ['node:fs', '../folders/modelInfo', '../../serve', 'onnxruntime-node'],
  },
  'engine/model/text/probe.ts': {
    allowed: ['#engine/model/graph/text/clip', '@huggingface/tokenizers', 'node:path'],
    refused: ['#engine/model/folders/modelInfo', '#engine/job/Job', 'onnxruntime-node'],
  },
  'engine/model/folders/probe.ts': {
    allowed: ['node:fs/promises', '../graph/unetConfig', '../weights/weightFiles'],
    refused: ['../../latent/latentFile', '../../image/decodePng', '#host/client', 'onnxruntime-node'],
  },
  'engine/model/space/probe.ts': {
    allowed: ['#core/diffusion/tensor', '../network/condition'],
    refused: [
      '../folders/modelInfo',
      '../graph/graphWriter',
      '../../image/decodePng',
      '../../job/Job',
      'node:fs',
    ],
  },
  'engine/model/denoiser/probe.ts': {
    allowed: ['../network/onnx', '../space/pixelSpace', '../folders/modelInfo'],
    refused: ['../../job/Job', '../../image/decodePng', 'onnxruntime-node', '#host/client', 'electron'],
  },
  'engine/image/probe.ts': {
    allowed: ['@napi-rs/canvas', '#core/diffusion/tensor', '#files/fileErrors', '../memo/AbortableMemo'],
    refused: [
      '../model/network/onnx',
      '../handlers',
      '../serve',
      '../job/Job',
      '../latent/latentFile',
      'electron',
    ],
  },
  'engine/job/probe.ts': {
    allowed: ['node:events', '../model/network/compute'],
    refused: ['p-queue', '../latent/encodedPicture', '../serve', '../handlers', '../animation/renderFrames'],
  },
  'engine/intake/probe.ts': {
    allowed: ['../job/Job', '../model/network/condition', '#core/diffusion/predictionEvidence'],
    refused: ['../latent/resolveLatent', '../image/decodePng', '../handlers', 'onnxruntime-node'],
  },
  'engine/latent/probe.ts': {
    allowed: ['../job/Job', '../image/decodePng', '../model/weights/dtypes'],
    refused: [
      '../animation/renderFrames',
      '../lab/runStudy',
      '../handlers',
      '../serve',
      '@napi-rs/canvas',
      'electron',
    ],
  },
  'engine/animation/probe.ts': {
    allowed: ['../latent/resolveLatent', '../image/decodePng', '#core/timeline/timeline'],
    refused: ['../lab/runStudy', '../handlers', '@napi-rs/canvas', 'onnxruntime-node', '#host/client'],
  },
  'engine/batch/probe.ts': {
    allowed: ['node:fs/promises', 'zod', '../animation/renderFrames', '../model/weights/npy'],
    refused: ['../lab/runStudy', '../handlers', 'onnxruntime-node', '#host/client'],
  },
  'engine/distance/probe.ts': {
    allowed: ['node:fs/promises', '#files/ZipWriter', '../model/weights/npz', '#core/statistics/frechet'],
    refused: [
      '../lab/runStudy',
      '../batch/runBatch',
      '../latent/latentFile',
      '../handlers',
      'onnxruntime-node',
      '#host/client',
    ],
  },
  'engine/lab/probe.ts': {
    allowed: ['../animation/renderFrames', '../latent/resolveLatent'],
    refused: ['../handlers', '../probe/hardware', '../project/probe', '@napi-rs/canvas', '#host/client'],
  },
  'engine/project/probe.ts': {
    allowed: ['../latent/latentFile', '#files/atomicFile'],
    refused: ['../lab/runStudy', '../handlers', 'electron', 'onnxruntime-node'],
  },
  'engine/probe/probe.ts': {
    allowed: ['../model/network/onnx', '#child/serverPort'],
    refused: [
      '../job/Job',
      '../latent/latentFile',
      '../handlers',
      'electron',
      '#host/client',
      'onnxruntime-node',
    ],
  },
  'engine/serve.ts': {
    allowed: ['#shared/errors', './job/Job'],
    refused: ['./handlers', './latent/latentFile', 'node:fs'],
  },
  'engine/handlers.ts': {
    allowed: ['./serve', './lab/runStudy', './latent/latentFile'],
    refused: ['./process', '#host/client', 'electron', 'onnxruntime-node', '@napi-rs/canvas'],
  },
  'engine/process.ts': {
    allowed: ['./handlers', 'node:path'],
    refused: ['#host/client', 'electron', 'onnxruntime-node'],
  },
  'download/probe.ts': {
    allowed: ['undici', 'node:https', '#files/hubCache', '#child/serverPort'],
    refused: [
      '#engine/serve',
      '#engine/model/folders/modelInfo',
      '#host/client',
      'electron',
      'onnxruntime-node',
    ],
  },
  'host/probe.ts': {
    allowed: ['node:child_process', '#shared/errors', './client'],
    refused: ['#engine/model/network/providers', 'electron', 'onnxruntime-node', 'commander'],
  },
  'cli/probe.ts': {
    allowed: ['commander', '#host/client', '#shared/errors', 'node:path'],
    refused: ['#engine/latent/latentFile', 'electron', '../main/menu', 'onnxruntime-node', '@napi-rs/canvas'],
  },
  'main/installed.ts': {
    allowed: ['./index', './commandLine'],
    refused: ['#host/client', 'electron', '../cli/commands/info'],
  },
  'main/commandLine.ts': {
    allowed: ['electron', '../cli/commandLine', './utilityEngine', '#files/installation'],
    refused: ['./index', './menu', '#engine/serve', 'onnxruntime-node'],
  },
  'main/probe.ts': {
    allowed: ['electron', '#host/client', './menu'],
    refused: [
      '#engine/handlers',
      '../cli/commands/info',
      '../renderer/base/api',
      'onnxruntime-node',
      'commander',
    ],
  },
  'preload/probe.ts': {
    allowed: ['electron', '#shared/channels'],
    refused: ['node:fs', '#core/diffusion/tensor', '../main/menu', '#host/client'],
  },
  'renderer/base/probe.ts': {
    allowed: ['#shared/contract'],
    refused: ['vue', '../stores/settings', 'node:fs', 'electron'],
  },
  'renderer/styles/probe.ts': { allowed: [], refused: ['vue', '#shared/errors'] },
  'renderer/labels/probe.ts': {
    allowed: ['#core/format/quantities'],
    refused: ['vue', '../stores/settings', '../kit/AppButton.vue'],
  },
  'renderer/pictures/probe.ts': {
    allowed: ['../labels/options'],
    refused: ['vue', 'pinia', '../stores/library'],
  },
  'renderer/timeline/probe.ts': {
    allowed: ['#core/timeline/path'],
    refused: ['vue', '../playback/RenderCache', '../stores/timeline'],
  },
  'renderer/playback/probe.ts': {
    allowed: ['lru-cache', '#core/timeline/path'],
    refused: ['vue', '../stores/player', '../timeline/framePlans'],
  },
  'renderer/lab/probe.ts': {
    allowed: ['../labels/options'],
    refused: ['vue', '../stores/lab', '../views/App.vue'],
  },
  'renderer/export/probe.ts': {
    allowed: ['mediabunny', '../base/api'],
    refused: ['vue', '../stores/exports', '../kit/AppButton.vue'],
  },
  'renderer/kit/Probe.vue': {
    allowed: ['vue', 'reka-ui'],
    refused: ['pinia', '../stores/settings', '../labels/options', 'electron'],
  },
  'renderer/stores/probe.ts': {
    allowed: ['pinia', '../playback/RenderCache'],
    refused: ['../actions/history', '../kit/AppButton.vue', 'reka-ui'],
  },
  'renderer/actions/probe.ts': {
    allowed: ['../stores/settings'],
    refused: ['../composables/useDialog', '../kit/AppButton.vue', 'pinia'],
  },
  'renderer/composables/probe.ts': {
    allowed: ['../actions/history'],
    refused: ['../widgets/ToastStack.vue', '../views/App.vue', 'reka-ui'],
  },
  'renderer/widgets/Probe.vue': {
    allowed: ['../kit/AppButton.vue', '../stores/settings'],
    refused: ['../views/App.vue', 'electron'],
  },
  'renderer/views/Probe.vue': {
    allowed: ['vue', '../stores/timeline', '../kit/AppButton.vue', '#core/timeline/easing'],
    refused: [
      'electron',
      'node:fs',
      '../../main/menu',
      '#engine/serve',
      '#host/client',
      '#files/atomicFile',
      '../main',
    ],
  },
}

const eslint = new ESLint({ overrideConfig: ts.configs.disableTypeChecked })

async function complaints(path: string, code: string): Promise<string[]> {
  const text = path.endsWith('.vue') ? `<script setup lang="ts">\n${code}\n</script>\n` : `${code}\n`
  const [result] = await eslint.lintText(text, { filePath: `src/${path}` })
  return result.messages.map(({ ruleId }) => String(ruleId))
}

describe('the import rules of rooms', () => {
  const cases = Object.entries(probes)

  it.each(cases)('allow %s to import what it needs', async (path, { allowed }) => {
    for (const specifier of allowed)
      expect(await complaints(path, `import '${specifier}'`), specifier).not.toContain('slerp/imports')
  })

  it.each(cases)(
    'keep %s from importing anything else, in every form of import',
    async (path, { refused }) => {
      for (const specifier of refused)
        expect(await complaints(path, `import '${specifier}'`), specifier).toContain('slerp/imports')
      for (const form of [
        `import type { X } from '${refused[0]}'\nexport const x: X | null = null`,
        `export { x } from '${refused[0]}'`,
        `export * from '${refused[0]}'`,
        `export const x = await import('${refused[0]}')`,
        `export type X = import('${refused[0]}').X`,
      ])
        expect(await complaints(path, form), form).toContain('slerp/imports')
    },
  )

  it('are tested for each room', () => {
    const probed = Object.keys(probes)
    for (const room of Object.keys(rooms)) {
      expect(
        probed.filter((path) => path === room || path.startsWith(`${room}/`)),
        room,
      ).not.toEqual([])
    }
  })

  it.each(['engine/loose.ts', 'core/loose.ts', 'renderer/loose.ts', 'loose.ts', 'unheardOf/loose.ts'])(
    'reject a file outside every room: %s',
    async (path) => {
      expect(await complaints(path, 'export const x = 1')).toContain('slerp/imports')
    },
  )

  it('are ordered so that no room needs a later one, which rules out cycles', () => {
    const order = Object.keys(rooms)
    for (const [floor, room] of order.entries()) {
      const needed = order.filter((other) =>
        rooms[room].rooms?.some((place) => other === place || other.startsWith(`${place}/`)),
      )
      for (const other of needed) expect(order.indexOf(other), `${room} needs ${other}`).toBeLessThan(floor)
    }
  })
})

describe('the network', () => {
  const silent = Object.keys(probes).filter(
    (path) => !path.startsWith('download/') && !path.startsWith('engine/model/server/'),
  )

  it.each(silent)('cannot be reached from %s', async (path) => {
    for (const name of ['http', 'https', 'net', 'dns/promises'])
      expect(await complaints(path, `import 'node:${name}'`), name).toContain('slerp/imports')
    expect(await complaints(path, "import 'undici'")).toContain('slerp/imports')
    for (const name of ['fetch', 'WebSocket'])
      expect(await complaints(path, `export const x = ${name}`), name).toContain('no-restricted-globals')
  })

  it('is available to the room of the inference server, only through undici', async () => {
    const path = 'engine/model/server/probe.ts'
    expect(await complaints(path, "import 'undici'")).toEqual([])
    expect(await complaints(path, "import 'node:http'")).toContain('slerp/imports')
    expect(await complaints(path, 'export const x = fetch')).toContain('no-restricted-globals')
  })

  it('is available to the download process', async () => {
    const code = "import 'undici'\nexport const x = fetch"
    expect(await complaints('download/probe.ts', code)).toEqual([])
  })
})

it.each(['await mkdir(path, { recursive: true })', "fs.mkdirSync('a', { recursive: true })"])(
  'no room makes a folder by %s, which may never end',
  async (call) => {
    const code = `declare const fs: never, path: never, mkdir: never\n${call}\nexport {}`
    expect(await complaints('main/ipc/probe.ts', code)).toContain('no-restricted-syntax')
    expect(await complaints('main/ipc/probe.ts', 'declare const mkdir: never\nmkdir(1)')).toEqual([])
  },
)

describe('core', () => {
  it.each([
    'Date.now()',
    'Math.random()',
    'performance.now()',
    'process.env',
    'window.name',
    'fetch',
    'crypto',
    'console',
  ])('may not use %s', async (expression) => {
    const found = await complaints('core/diffusion/probe.ts', `export const x = ${expression}`)
    expect(found.join(' ')).toMatch(/no-restricted-(globals|properties)/)
  })
})
