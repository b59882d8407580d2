import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { getJson, openHub } from './hubRequest'

/** Where releases are announced: the program is published as a package there. */
const registry = 'https://registry.npmjs.org'
const name = 'slerp-studio'
const description = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+/) })

/**
 * Asks npm's registry for the newest release. The request reveals nothing about this computer.
 *
 * @param endpoint  another registry, for tests
 * @returns its version, or null if nothing is published under the program's name
 * @throws StudioError DOWNLOAD_FAILED; BAD_INPUT for a proxy or certificate that cannot be used
 */
export async function fetchLatestRelease(endpoint: string = registry): Promise<string | null> {
  const hub = await openHub(endpoint, null, 10_000)
  try {
    const asked = { endpoint, repository: name, revision: 'latest', withToken: false }
    const { json } = await getJson(hub, `/${name}/latest`, asked)
    return description.parse(json).version
  } catch (thrown) {
    if (thrown instanceof StudioError && thrown.code === 'NOT_FOUND') return null
    const { host } = new URL(endpoint)
    throw new StudioError(
      'DOWNLOAD_FAILED',
      `${host} did not tell which release is the newest: you may be offline. Try again later.`,
    )
  } finally {
    await hub.dispatcher.close()
  }
}
