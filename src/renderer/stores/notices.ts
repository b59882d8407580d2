import { toFailure, type ErrorCode } from '#shared/errors'
import { defineStore } from 'pinia'
import { ref } from 'vue'

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

const maxShown = 4

/** Messages in the corner of the window. How long each stays is up to what shows them. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let nextId = 1

  function show(notice: Partial<Notice> & Pick<Notice, 'title'>): void {
    const id = nextId++
    const same = notices.value.filter((other) => !sameText(other, notice)).slice(1 - maxShown)
    notices.value = [
      ...same,
      { tone: 'info', detail: null, items: [], code: null, action: null, ...notice, id },
    ]
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

  return { notices, show, fail, dismiss }
})

function sameText(a: Notice, b: Partial<Notice>): boolean {
  return a.title === b.title && a.detail === (b.detail ?? null)
}
