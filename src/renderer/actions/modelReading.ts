import type { ModelReading } from '#shared/modelSource'
import { useModel } from '../stores/model'
import { useNotices, type NoticeAction } from '../stores/notices'
import { usePreferences } from '../stores/preferences'

/** Opens the model in use again, to be read as it is told; the configuration counts for what is left out. */
export async function readModelAs(change: ModelReading): Promise<void> {
  const model = useModel()
  if (!model.info) return
  try {
    await model.open(model.info.path, { ...usePreferences().modelReading, ...change })
  } catch (thrown) {
    useNotices().fail('The model couldn’t be opened', thrown)
  }
}

/** Asks the model in use a few questions, and says what disagrees with its configuration before any work is done with it. */
export async function checkModel(): Promise<void> {
  const model = useModel()
  const notices = useNotices()
  try {
    const intake = await model.check()
    const items = [...(model.info?.warnings ?? []), ...(intake?.warnings ?? [])]
    if (intake === null || items.length === 0) return
    const title = `${model.info?.id} may be configured wrongly`
    notices.show({ title, items, action: goByAnswers() })
  } catch (thrown) {
    notices.fail('The model can’t be used', thrown)
  }
}

/** What a message offers where the answers tell how the model is to be read; null where they do not. */
function goByAnswers(): NoticeAction | null {
  const { info, intake } = useModel()
  if (!info || !intake) return null
  const { predictionType, timestepScale } = intake
  const prediction = predictionType ?? info.predictionType
  if (prediction === info.predictionType && timestepScale === info.timestepScale) return null
  return { label: 'Use what the test found', run: () => void readModelAs({ prediction, timestepScale }) }
}
