import { accuracyOf } from '#shared/bundledModels'
import { watch } from 'vue'
import { checkModel } from '../actions/modelReading'
import { stableJson } from '../base/stableJson'
import { useModel } from '../stores/model'
import { usePreferences } from '../stores/preferences'

/**
 * Checks every model that is opened, also at startup, except the bundled ones, which are tested with the app.
 */
export function useModelCheck(): void {
  const model = useModel()
  const preferences = usePreferences()
  const isAsBundled = () =>
    accuracyOf(model.info!.sha256) !== null && Object.keys(preferences.modelReading).length === 0
  watch(
    () => stableJson([model.info?.sha256, model.info?.scheduleHash, preferences.modelPath]),
    () => {
      model.intake = null
      if (model.info && preferences.modelPath === model.info.path && !isAsBundled()) void checkModel()
    },
  )
}
