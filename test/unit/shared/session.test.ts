import { expect, it } from 'vitest'
import { session } from '#shared/app'
import { renameOldSession } from '#shared/oldNames'

const kept = { pictures: [], stops: [], segments: [], encode: {}, decode: {}, fps: 20 }

it.each([
  ['once', 'once'],
  ['loop', 'forever'],
  ['pingPong', 'ping-pong'],
])(
  'reads a session of version 0.1, which says loop: %s (would catch work set aside as damaged)',
  (loop, repeat) => {
    const read = session.parse(renameOldSession({ ...kept, loop }))
    expect(read.repeat).toBe(repeat)
    expect(read).not.toHaveProperty('loop')
  },
)

it('refuses a session that says nothing it knows of how to repeat', () => {
  expect(session.safeParse(renameOldSession({ ...kept, loop: 'backwards' })).success).toBe(false)
  expect(session.safeParse(renameOldSession(kept)).success).toBe(false)
})
