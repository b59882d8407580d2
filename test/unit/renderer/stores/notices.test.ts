import { beforeEach, expect, it } from 'vitest'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { StudioError } from '#shared/errors'
import { installFakeStudio } from '../fakeStudio'

beforeEach(() => void installFakeStudio({}))

it('keeps every message in a list, also those that have gone (would catch an error nobody can read again)', () => {
  const notices = useNotices()
  notices.fail('The model couldn’t be opened', new StudioError('BAD_MODEL', 'Its weights are damaged.'))
  notices.show({ tone: 'good', title: 'GIF saved' })
  for (const { id } of notices.notices) notices.dismiss(id)
  expect(notices.notices).toEqual([])
  expect(notices.log.map(({ title }) => title)).toEqual(['GIF saved', 'The model couldn’t be opened'])
})

it('marks failures until the list was looked at', () => {
  const notices = useNotices()
  notices.show({ title: 'Something to know' })
  expect(notices.unseenFailures).toBe(0)
  notices.fail('One', new StudioError('INTERNAL', 'A bug.'))
  notices.fail('Cancelled by the person', new StudioError('CANCELLED', 'Cancelled.'))
  expect(notices.unseenFailures).toBe(1)
  notices.markSeen()
  expect(notices.unseenFailures).toBe(0)
  notices.fail('Another', new StudioError('INTERNAL', 'A bug.'))
  expect(notices.unseenFailures).toBe(1)
})
