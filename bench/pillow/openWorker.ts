/**
 * Our side of `bench/against_pillow.py`: every line on stdin names a picture; the answer is one line of JSON, either
 * { width, height, error: null } with the RGBA pixels in the file named by the first argument, or { error }.
 */
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { openPicture } from '#engine/image/decodePicture'

const target = process.argv[2]

async function open(path: string): Promise<object> {
  try {
    const { data, width, height } = await openPicture(path)
    await writeFile(target, data)
    return { width, height, error: null }
  } catch (error) {
    return { error: String(error) }
  }
}

for await (const path of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await open(path))}\n`)
}
