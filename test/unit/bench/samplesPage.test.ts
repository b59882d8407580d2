import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { bundledModels } from '#shared/bundledModels'
import type { ComputeInfo } from '#shared/reports'
import { cellsOf } from '../../../bench/samples/cells'
import { writePage } from '../../../bench/samples/page'

const [bundled] = bundledModels
const note = 'an earlier edition of the bundled model'

function pageOf(model: { id: string; sha256: string }): string {
  const measured = { count: 2, pixels: 0.1, pyramid: 0.2 }
  return writePage({
    command: 'npm run results:samples',
    model,
    compute: { provider: 'cpu', threads: 1 } as ComputeInfo,
    steps: [10],
    wanted: 2,
    reference: { source: 'somewhere', count: 2 },
    cells: cellsOf('samples', [10]).map((cell) => ({ ...cell, ...measured })),
    real: [],
    seconds: new Map([[10, 1]]),
  })
}

it('the page of samples says if the model it measured is no longer the bundled one, and of no other model', () => {
  const sha256 = '0'.repeat(64)
  expect(pageOf({ ...bundled, sha256 })).toContain(`(SHA-256 \`${'0'.repeat(16)}…\`, ${note})`)
  expect(pageOf(bundled)).not.toContain(note)
  expect(pageOf({ id: 'mine', sha256 })).not.toContain(note)
})

it('the page of samples in the documents says so too (would catch a model that was exchanged since)', () => {
  const page = readFileSync('docs/results-samples.md', 'utf8')
  const [, id, sha256] = /model `(.+?)` \(SHA-256 `([0-9a-f]{16})…`/.exec(page)!
  const isBundled = bundledModels.some((model) => model.id === id && model.sha256.startsWith(sha256))
  expect(page.includes(note)).toBe(!isBundled)
})
