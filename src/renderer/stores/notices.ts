import { toFailure, type ErrorCode } from '#shared/errors'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/** What a person can do about a notice. */
export interface NoticeAction {
  label: string
  run: () => void
}

/** Failures of one kind, which are one message as long as none of them is dismissed. */
export interface NoticeKind {
  readonly id: string
  /** What several of them are called. */
  readonly title: (count: number) => string
  /** What can be done about several of them. */
  readonly action: NoticeAction | null
}

/** What a message in the corner of the window says. */
interface NoticeText {
  tone: 'info' | 'good' | 'bad'
  title: string
  detail: string | null
  /** One sentence for each thing that the message is about; shown on request. */
  items: string[]
  code: ErrorCode | null
}

/** One message in the corner of the window. */
export interface Notice extends NoticeText {
  id: number
  action: NoticeAction | null
  kind: NoticeKind | null
  /** The failures that it stands for; one for a message of its own. */
  said: readonly NoticeText[]
}

/** What a message says; all but its title can be left out. */
export type NewNotice = Partial<Omit<Notice, 'id' | 'said'>> & Pick<Notice, 'title'>

/** A message of the list, which stays. */
export interface LoggedNotice extends NoticeText {
  id: number
  at: Date
}

/** The newest, which are seen; more would cover what a person works on. */
const maxShown = 2
const maxLogged = 200

/** Messages in the corner of the window. How long each stays is up to what shows them. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  const shown = computed(() => notices.value.slice(-maxShown))
  /** How many failures wait behind those that are shown. */
  const hidden = computed(() => notices.value.length - shown.value.length)
  /** All of them since the start, newest first. */
  const log = ref<LoggedNotice[]>([])
  /** The last one that the list was open for. */
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
    // What is no failure goes when newer messages take its place: it is in the list.
    const kept = others.filter(({ tone }, at) => tone === 'bad' || at > others.length - maxShown)
    notices.value = [...kept, joined ? joinNotices(joined, now) : now]
  }

  /** Adds a message to the list only: what it says is on the screen already. */
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

  /** Takes the marks of failures and the messages in the corner away: all of them are looked at in the list. */
  function markSeen(): void {
    seenId.value = nextId - 1
    notices.value = []
  }

  /** Says what went wrong and what to do next; nothing about a request that the person cancelled. */
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

/** Whether two messages tell of failures of one kind. */
function isOneKind(a: Notice, b: Notice): boolean {
  return a.tone === 'bad' && b.tone === 'bad' && (a.kind?.id ?? a.title) === (b.kind?.id ?? b.title)
}

/** One message of the failures of both; one that is told again counts once. */
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
