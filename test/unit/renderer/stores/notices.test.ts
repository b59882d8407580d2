import { beforeEach, expect, it } from 'vitest'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { StudioError } from '#shared/errors'
import { installFakeStudio } from '../fakeStudio'

beforeEach(() => void installFakeStudio({}))

it('keeps every message in a list, even after it is dismissed (would catch an error that nobody can read again)', () => {
  const notices = useNotices()
  notices.fail('The model couldn’t be opened', new StudioError('BAD_MODEL', 'Its weights are damaged.'))
  notices.show({ tone: 'good', title: 'GIF saved' })
  for (const { id } of notices.notices) notices.dismiss(id)
  expect(notices.notices).toEqual([])
  expect(notices.log.map(({ title }) => title)).toEqual(['GIF saved', 'The model couldn’t be opened'])
})

it('counts unseen failures, but not cancellations, until the list is viewed', () => {
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

const bad = (title: string, detail: string) => ({ tone: 'bad' as const, title, detail })

it('shows the two newest messages and counts the failures behind them (would catch messages that cover the stage)', () => {
  const notices = useNotices()
  for (const one of [1, 2, 3, 4]) notices.show(bad(`Failure ${one}`, 'Why.'))
  notices.show({ title: 'Something to know' })
  expect(notices.shown.map(({ title }) => title)).toEqual(['Failure 4', 'Something to know'])
  expect(notices.hidden).toBe(3)
  for (const one of [5, 6]) notices.show(bad(`Failure ${one}`, 'Why.'))
  expect(notices.hidden).toBe(4)
  notices.dismiss(notices.shown[1].id)
  expect(notices.shown.map(({ title }) => title)).toEqual(['Failure 4', 'Failure 5'])
  notices.markSeen()
  expect([notices.shown.length, notices.hidden]).toEqual([0, 0])
})

it('combines failures of the same kind into one message, and keeps each in the list', () => {
  const notices = useNotices()
  const ran: string[] = []
  const action = { label: 'All again', run: () => ran.push('all') }
  const kind = { id: 'baking', title: (count: number) => `${count} cakes failed`, action }
  const fail = (name: string, code: 'NOT_FOUND' | 'INTERNAL') =>
    notices.fail(`${name} failed`, new StudioError(code, `${name} is gone.`), null, kind)
  fail('Sponge', 'NOT_FOUND')
  expect(notices.shown[0]).toMatchObject({ title: 'Sponge failed', detail: 'Sponge is gone.', action: null })
  fail('Tart', 'NOT_FOUND')
  fail('Tart', 'NOT_FOUND')
  expect(notices.shown).toMatchObject([
    { title: '2 cakes failed', items: ['Sponge is gone.', 'Tart is gone.'], code: 'NOT_FOUND', detail: null },
  ])
  fail('Pie', 'INTERNAL')
  expect(notices.shown).toMatchObject([{ title: '3 cakes failed', code: null }])
  notices.shown[0].action!.run()
  expect(ran).toEqual(['all'])
  expect(notices.log).toHaveLength(4)
})

it('joins failures with the same title, and states a shared reason only once', () => {
  const notices = useNotices()
  notices.show(bad('Frames couldn’t be rendered', 'One reason.'))
  notices.show(bad('Frames couldn’t be rendered', 'Another reason.'))
  expect(notices.shown).toMatchObject([
    { title: 'Frames couldn’t be rendered', items: ['One reason.', 'Another reason.'] },
  ])
  const kind = { id: 'k', title: (count: number) => `${count} failed`, action: null }
  for (const name of ['A', 'B']) notices.show({ ...bad(`${name} failed`, 'The disk is full.'), kind })
  expect(notices.shown.at(-1)).toMatchObject({ title: '2 failed', detail: 'The disk is full.', items: [] })
})
