import { toFailure, type ErrorCode } from '#shared/errors'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/** What a person can do about a notice. */
export interface NoticeAction {
  label: string
  run: () => void
}

/** One message in the corner of the window. */
export interface Notice {
  id: number
  tone: 'info' | 'good' | 'bad'
  title: string
  detail: string | null
  /** One sentence for each thing that the message is about; shown on request. */
  items: string[]
  code: ErrorCode | null
  action: NoticeAction | null
}

/** What a message says; all but its title can be left out. */
export type NewNotice = Partial<Omit<Notice, 'id'>> & Pick<Notice, 'title'>

/** A message of the list, which stays. */
export interface LoggedNotice extends Omit<Notice, 'action'> {
  at: Date
}

const maxShown = 4
const maxLogged = 200

/** Messages in the corner of the window. How long each stays is up to what shows them. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  /** All of them since the start, newest first. */
  const log = ref<LoggedNotice[]>([])
  /** The last one that the list was open for. */
  const seenId = ref(0)
  const unseenFailures = computed(
    () => log.value.filter(({ id, tone }) => tone === 'bad' && id > seenId.value).length,
  )
  let nextId = 1

  function show(notice: NewNotice): void {
    const others = notices.value.filter((other) => !sameText(other, notice)).slice(1 - maxShown)
    notices.value = [...others, { ...record(notice), action: notice.action ?? null }]
  }

  /** Adds a message to the list only: what it says is on the screen already. */
  function record({ action: _action, ...notice }: NewNotice): Omit<Notice, 'action'> {
    const said = { tone: 'info' as const, detail: null, items: [], code: null, ...notice, id: nextId++ }
    log.value = [{ ...said, at: new Date() }, ...log.value].slice(0, maxLogged)
    return said
  }

  /** Takes the marks of failures and the messages in the corner away: all of them are looked at in the list. */
  function markSeen(): void {
    seenId.value = nextId - 1
    notices.value = []
  }

  /** Says what went wrong and what to do next; nothing about a request that the person cancelled. */
  function fail(title: string, thrown: unknown, action: NoticeAction | null = null): void {
    const { code, message } = toFailure(thrown)
    if (code === 'CANCELLED') return
    show({ tone: 'bad', title, detail: message, code, action })
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  return { notices, log, unseenFailures, show, record, fail, dismiss, markSeen }
})

function sameText(a: Notice, b: NewNotice): boolean {
  return a.title === b.title && a.detail === (b.detail ?? null)
}
