import type { EngineState } from '#shared/app'
import { watch } from 'vue'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'

const titles: Record<EngineState['state'], string> = {
  ready: 'From the engine',
  restarting: 'Engine restarted',
  failed: 'Engine stopped',
}

/** Shows each new message of the engine process once. */
export function useEngineNotices(): void {
  const model = useModel()
  const notices = useNotices()
  watch(
    () => model.engine,
    ({ state, message }, before) => {
      if (message === null || message === before.message) return
      notices.show({ tone: state === 'failed' ? 'bad' : 'info', title: titles[state], detail: message })
    },
  )
}
