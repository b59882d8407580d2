import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { forkEngine } from '#host/forkPort'
import { emptyFolder } from '../../fixtures/exportTarget'

const uncaught: unknown[] = []
const note = (error: unknown) => void uncaught.push(error)
beforeEach(() => void process.on('uncaughtException', note))
afterEach(() => void process.off('uncaughtException', note))

it('survives several messages to a process that has just died (would catch an app that ends with its engine)', async () => {
  const entry = join(emptyFolder(), 'engine.mjs')
  writeFileSync(entry, "process.send({ type: 'alive', heldBytes: null }); process.on('message', () => {})")
  const port = forkEngine(entry)
  await new Promise<void>((resolve) => port.onMessage(() => resolve()))
  const reasons: string[] = []
  const ended = new Promise<void>((resolve) =>
    port.onExit((reason) => {
      reasons.push(reason)
      resolve()
    }),
  )
  process.kill(port.pid!, 'SIGKILL')
  // Blocks, so that this process hears of the end only after it has sent.
  spawnSync('sleep', ['0.5'])
  for (let i = 0; i < 3; i++) port.send({ type: 'cancel', id: 'a' })
  await ended
  await setTimeout(200)
  expect(reasons.length).toBeGreaterThan(0)
  expect(uncaught).toEqual([])
})
