import { request } from '../base/api'
import { useNotices } from '../stores/notices'

/** Shows a page of the manual in its own window. */
export function showManual(page: 'manual' | 'licences' = 'manual'): Promise<void> {
  return orSay('The manual couldn’t be opened', () => request('help.showManual', { page }))
}

/** Opens the log folder. */
export function showLogs(): Promise<void> {
  return orSay('The log folder couldn’t be opened', () => request('help.showLogs', {}))
}

/** Checks for a newer release. The app never checks unless this is called. */
export function checkUpdates(): Promise<void> {
  return orSay('Updates couldn’t be checked', async () => {
    const { current, latest, isNewer } = await request('help.latestRelease', {})
    if (latest === null) {
      useNotices().show({
        title: 'No release has been announced yet',
        detail: `You have ${current}. Look for newer versions where you got this one.`,
      })
      return
    }
    useNotices().show(
      isNewer
        ? {
            title: `Slerp Studio ${latest} is out`,
            detail: `You have ${current}. Download it from where you got this version.`,
          }
        : { tone: 'good', title: 'Slerp Studio is up to date', detail: `You have ${current}.` },
    )
  })
}

async function orSay(failed: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    useNotices().fail(failed, thrown)
  }
}
