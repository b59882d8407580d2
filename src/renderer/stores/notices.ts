import { toFailure, type ErrorCode } from '#shared/errors'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/** What the user can do about a notice. */
export interface NoticeAction {
  label: string
  run: () => void
}

/** A kind of failure: failures of one kind share a message until it is dismissed. */
export interface NoticeKind {
  readonly id: string
  /** The title of a message about several failures. */
  readonly title: (count: number) => string
  /** The action of a message about several failures. */
  readonly action: NoticeAction | null
}

/** The text of a message in the corner of the window. */
interface NoticeText {
  tone: 'info' | 'good' | 'bad'
  title: string
  detail: string | null
  /** One sentence for each thing that the message is about; the user can expand them. */
  items: string[]
  code: ErrorCode | null
}

/** One message in the corner of the window. */
export interface Notice extends NoticeText {
  id: number
  action: NoticeAction | null
  kind: NoticeKind | null
  /** The failures that the message is about: a single one unless messages were merged. */
  said: readonly NoticeText[]
}

/** The input for a message; everything but the title is optional. */
export type NewNotice = Partial<Omit<Notice, 'id' | 'said'>> & Pick<Notice, 'title'>

/** A message in the list of messages, which are kept. */
export interface LoggedNotice extends NoticeText {
  id: number
  at: Date
}

/** Only the newest are shown; more would cover what the user is working on. */
const maxShown = 2
const maxLogged = 200

/** Messages in the corner of the window. The component that shows them decides how long each one stays. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  const shown = computed(() => notices.value.slice(-maxShown))
  /** The number of failures hidden behind the messages on display. */
  const hidden = computed(() => notices.value.length - shown.value.length)
  /** All messages since the start, newest first. */
  const log = ref<LoggedNotice[]>([])
  /** The newest message that existed when the list was last open. */
  const seenId = ref(0)
  const unseenFailures = computed(
    () => log.value.filter(({ id, tone }) => tone === 'bad' && id > seenId.value).length,
  )
  let nextId = 1

  function show(notice: NewNotice): void {
    const text = record(notice)
    const { action = null, kind = null } = notice
    const now: Notice = { ...text, action, kind, said: [text] }
    const joined = notices.value.find((other) => isOneKind(other, now))
    const others = notices.value.filter((other) => other !== joined && !sameText(other, now))
    // Messages other than failures disappear when newer ones take their place; they remain in the list.
    const kept = others.filter(({ tone }, at) => tone === 'bad' || at > others.length - maxShown)
    notices.value = [...kept, joined ? joinNotices(joined, now) : now]
  }

  /** Adds a message to the list without showing it, because what it says is already on the screen. */
  function record({
    title,
    tone = 'info',
    detail = null,
    items = [],
    code = null,
  }: NewNotice): NoticeText & { id: number } {
    const text = { id: nextId++, title, tone, detail, items, code }
    log.value = [{ ...text, at: new Date() }, ...log.value].slice(0, maxLogged)
    return text
  }

  /** Clears the failure count and the messages in the corner, because the open list shows them all. */
  function markSeen(): void {
    seenId.value = nextId - 1
    notices.value = []
  }

  /** Shows what went wrong and what to do next. Shows nothing if the user cancelled the request. */
  function fail(
    title: string,
    thrown: unknown,
    action: NoticeAction | null = null,
    kind: NoticeKind | null = null,
  ): void {
    const { code, message } = toFailure(thrown)
    if (code === 'CANCELLED') return
    show({ tone: 'bad', title, detail: message, code, action, kind })
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  return { notices, shown, hidden, log, unseenFailures, show, record, fail, dismiss, markSeen }
})

function sameText(a: NoticeText, b: NoticeText): boolean {
  return a.title === b.title && a.detail === b.detail
}

/** Whether two messages report failures of one kind. */
function isOneKind(a: Notice, b: Notice): boolean {
  return a.tone === 'bad' && b.tone === 'bad' && (a.kind?.id ?? a.title) === (b.kind?.id ?? b.title)
}

/** Merges two messages into one about the failures of both; a repeated failure is listed once. */
function joinNotices(before: Notice, now: Notice): Notice {
  const said = [...before.said.filter((one) => !sameText(one, now)), ...now.said]
  if (said.length === 1) return now
  const sentences = [
    ...new Set(said.flatMap(({ title, detail, items }) => (items.length > 0 ? items : [detail ?? title]))),
  ]
  const isSame = sentences.length === 1
  return {
    ...now,
    said,
    title: now.kind?.title(said.length) ?? now.title,
    detail: isSame ? now.detail : null,
    items: isSame ? [] : sentences,
    code: said.every(({ code }) => code === now.code) ? now.code : null,
    action: now.kind ? now.kind.action : now.action,
  }
}
