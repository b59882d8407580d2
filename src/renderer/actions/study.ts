import { request } from '../base/api'
import { useLab } from '../stores/lab'
import { useLabChoice } from '../stores/labChoice'
import { useModel } from '../stores/model'
import { askAndRun } from './askAndRun'

/** Asks for a folder and runs the study that was chosen in the Lab when the question was asked. */
export async function startStudy(): Promise<void> {
  const lab = useLab()
  const { info } = useModel()
  const { stops, obstacle } = useLabChoice()
  if (lab.running || !info || stops.length === 0 || obstacle) return
  const wanted = lab.chosen()
  await askAndRun({
    failed: 'The study couldn’t be started',
    ask: () => request('dialog.saveStudy', { name: studyName(info.id) }),
    run: (folder) => lab.start({ ...wanted, folder }),
  })
}

/** Asks for the folder of an earlier study and shows it. */
export async function openStudy(): Promise<void> {
  const lab = useLab()
  if (lab.running) return
  await askAndRun({
    failed: 'The study couldn’t be opened',
    ask: () => request('dialog.openStudy', {}),
    run: lab.open,
  })
}

/** Returns a folder name that sorts by time. */
function studyName(modelId: string): string {
  const now = new Date().toLocaleString('sv').slice(0, 16).replace(':', '')
  return `Study of ${modelId} ${now}`
}
