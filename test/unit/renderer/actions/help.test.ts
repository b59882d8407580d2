import { expect, it } from 'vitest'
import { checkUpdates } from '../../../../src/renderer/actions/help'
import { useNotices } from '../../../../src/renderer/stores/notices'
import type { LatestRelease } from '#shared/help'
import { installFakeStudio } from '../fakeStudio'

it.each<[string, LatestRelease, string, string]>([
  ['a newer one', { current: '0.2.0', latest: '0.3.0', isNewer: true }, 'info', 'Slerp Studio 0.3.0 is out'],
  ['none newer', { current: '0.2.0', latest: '0.2.0', isNewer: false }, 'good', 'Slerp Studio is up to date'],
  [
    'none at all',
    { current: '0.2.0', latest: null, isNewer: false },
    'info',
    'No release has been announced yet',
  ],
])('reports on releases when there is %s, and never as a failure', async (_, answer, tone, title) => {
  installFakeStudio({ 'help.latestRelease': () => answer })
  await checkUpdates()
  expect(useNotices().notices.map((notice) => [notice.tone, notice.title])).toEqual([[tone, title]])
})
