import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny'
import { expect, it } from 'vitest'
import { readVideoComment } from '#engine/animation/videoComment'
import { withFile } from '#files/fileAccess'
import { mutantsOf } from '../../../fixtures/mutants'

const comment = JSON.stringify({ software: 'Slerp Studio', name: 'Äpfel <&> 🍎' })

/** A video made as in the window, by the same library, but without any displayable picture. */
async function videoOf(ending: string, tags: { comment?: string }): Promise<Buffer> {
  const format = ending === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat()
  const output = new Output({ format, target: new BufferTarget() })
  const source = new EncodedVideoPacketSource('vp9')
  output.addVideoTrack(source)
  output.setMetadataTags({ title: 'Slerp Studio morph', ...tags })
  await output.start()
  const decoderConfig = { codec: 'vp09.00.10.08', codedWidth: 16, codedHeight: 16 }
  for (let frame = 0; frame < 3; frame++) {
    const packet = new EncodedPacket(new Uint8Array(500), frame === 0 ? 'key' : 'delta', frame / 20, 1 / 20)
    await source.add(packet, { decoderConfig })
  }
  await output.finalize()
  return Buffer.from(output.target.buffer!)
}

async function commentOf(bytes: Buffer): Promise<string | null> {
  const path = join(await mkdtemp(join(tmpdir(), 'slerp-studio-test-')), 'video')
  await writeFile(path, bytes)
  return withFile(path, readVideoComment)
}

it.each(['mp4', 'webm'])('reads the comment that the window’s video library writes: .%s', async (ending) => {
  expect(await commentOf(await videoOf(ending, { comment }))).toBe(comment)
  expect(await commentOf(await videoOf(ending, {}))).toBeNull()
})

it.each(['mp4', 'webm'])(
  'terminates on a damaged .%s (would catch an endless loop over parts of size zero)',
  async (ending) => {
    const mutants = mutantsOf(await videoOf(ending, { comment }), 17)
    for (let i = 0; i < 100; i++) {
      const found = await commentOf(mutants.next().value).catch((error: unknown) => error)
      expect(found === null || typeof found === 'string' || found instanceof Error).toBe(true)
    }
  },
)
