import { bundledModelOf } from '#shared/bundledModels'
import { watch } from 'vue'
import { checkModel } from '../actions/modelReading'
import { stableJson } from '#shared/stableJson'
import { useModel } from '../stores/model'
import { usePreferences } from '../stores/preferences'

/**
 * Checks every model that is opened, also at startup, except the bundled ones, which are tested with the app.
 */
export function useModelCheck(): void {
  const model = useModel()
  const preferences = usePreferences()
  watch(
    () => stableJson([model.info?.sha256, model.info?.scheduleHash, preferences.modelPath]),
    () => {
      model.intake = null
      const { info } = model
      if (info && preferences.modelPath === info.path && !bundledModelOf(info)) void checkModel()
    },
  )
}
