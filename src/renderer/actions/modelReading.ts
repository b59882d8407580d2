import type { ModelReading } from '#shared/modelSource'
import { useModel } from '../stores/model'
import { useNotices, type NoticeAction } from '../stores/notices'

/** Reopens the model in use, read as specified. What `change` leaves out is read as it is now. */
export async function readModelAs(change: ModelReading): Promise<void> {
  const model = useModel()
  if (!model.info) return
  try {
    await model.open(model.info.path, { ...model.reading, ...change })
  } catch (thrown) {
    useNotices().fail('The model couldn’t be opened', thrown)
  }
}

/**
 * Runs the intake test on the model in use before any work is done, and reports what contradicts its
 * configuration.
 */
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

/**
 * Returns an action for a notice that reads the model as the test suggests; null if the test suggests nothing.
 */
function goByAnswers(): NoticeAction | null {
  const { info, intake } = useModel()
  if (!info || !intake) return null
  const { predictionType, timestepScale } = intake
  const prediction = predictionType ?? info.predictionType
  if (prediction === info.predictionType && timestepScale === info.timestepScale) return null
  return { label: 'Use what the test found', run: () => void readModelAs({ prediction, timestepScale }) }
}
