import { computed, reactive, watch } from 'vue'
import { inferenceServer, type InferenceServer } from '#shared/inferenceServer'

/** The fields of a server, as typed: they may not form a valid one yet. */
export interface EnteredServer {
  url: string
  model: string
  version: string
  header: string
  ca: string
  fallback: InferenceServer['fallback']
}
export type ServerField = keyof EnteredServer

/** What is wrong with a field, as a sentence. */
export interface ServerProblem {
  readonly field: ServerField
  readonly text: string
}

/** What the engine would otherwise look for in the folder that it happens to run in. */
const wholePath = /^(?:\/|[a-z]:[\\/]|\\\\)/i
const server = inferenceServer.refine(({ ca }) => ca === undefined || wholePath.test(ca), {
  path: ['ca'],
  error: 'the certificate authority is a file with its whole path, such as /etc/ssl/our-authority.pem',
})

/**
 * The form of a server. A field is checked once it is left, or all are when the form is submitted; from then on,
 * what is said about it follows the typing until it is valid.
 *
 * @param saved  the server in use; null for none
 */
export function useServerForm(saved: () => InferenceServer | null) {
  const entered = reactive<EnteredServer>(asEntered(null))
  /** The fields whose problems are shown. */
  const checked = reactive(new Set<ServerField>())

  watch(
    saved,
    (now) => {
      Object.assign(entered, asEntered(now))
      checked.clear()
    },
    { immediate: true },
  )

  const parsed = computed(() => {
    const [url, model, version, header, ca] = [
      entered.url,
      entered.model,
      entered.version,
      entered.header,
      entered.ca,
    ].map((text) => text.trim() || undefined)
    return server.safeParse({ url, model, version, header, ca, fallback: entered.fallback })
  })
  const isEmpty = computed(() => entered.url.trim() === '')
  const problems = computed<ServerProblem[]>(() => {
    if (isEmpty.value || parsed.value.success) return []
    return parsed.value.error.issues.map(({ path, message }) => ({
      field: path[0] as ServerField,
      text: `${message[0].toUpperCase()}${message.slice(1)}.`,
    }))
  })
  /** The first problem of a field that has been checked; null if there is none. */
  const problem = computed(() => problems.value.find(({ field }) => checked.has(field)) ?? null)
  const isInUse = computed(
    () => parsed.value.success && JSON.stringify(parsed.value.data) === JSON.stringify(saved()),
  )

  // A field that has become valid may be typed in again without interruption.
  watch(
    problems,
    (now) => {
      for (const field of checked) if (!now.some((one) => one.field === field)) checked.delete(field)
    },
    { flush: 'sync' },
  )

  /** Checks a field that is left. */
  function check(field: ServerField): void {
    if (problems.value.some((one) => one.field === field)) checked.add(field)
  }

  /** Checks all fields; returns the server if they form one. */
  function submit(): InferenceServer | null {
    for (const { field } of problems.value) checked.add(field)
    return parsed.value.success ? parsed.value.data : null
  }

  return { entered, problem, isEmpty, isInUse, check, submit }
}

function asEntered(saved: InferenceServer | null): EnteredServer {
  return {
    url: saved?.url ?? '',
    model: saved?.model ?? 'unet',
    version: saved?.version ?? '',
    header: saved?.header ?? '',
    ca: saved?.ca ?? '',
    fallback: saved?.fallback ?? 'wait',
  }
}
