/**
 * Our side of `bench/against_pillow.py`: every line on stdin names a picture; the response is a line of JSON,
 * { error } or { width, height, error: null } with the RGBA pixels in the file that the first argument names.
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
