import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import { request } from '../base/api'
import type { tableFormats, TextTable } from '../lab/tableText'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { useViewing } from '../stores/viewing'
import { askAndRun } from './askAndRun'

/** Copies a table to the clipboard as text. */
export async function copyTable(table: TextTable, format: (typeof tableFormats)[number]): Promise<void> {
  try {
    await request('shell.copyText', { text: format.write(table) })
    useNotices().show({ tone: 'good', title: `Table copied as ${format.title}` })
  } catch (thrown) {
    useNotices().fail('The table couldn’t be copied', thrown)
  }
}

/** Asks for a file and writes a chart to it as SVG. */
export function saveChart(name: string, svg: string): Promise<void> {
  return askAndRun({
    failed: 'The chart couldn’t be saved',
    ask: () => request('dialog.saveChart', { name }),
    run: async (path, overwrite) => {
      const { id } = await request('output.open', { path, overwrite })
      try {
        await request('output.write', { id, position: 0, bytes: new TextEncoder().encode(svg) })
      } catch (thrown) {
        await request('output.close', { id, keep: false })
        throw thrown
      }
      await request('output.close', { id, keep: true })
    },
    done: (path) => ({ title: 'Chart saved', detail: path }),
  })
}

/** The scale of pictures in a saved grid, relative to the model's own size. */
const gridScale = 4

/** Asks for a file and saves the pictures of a grid as one picture, along with how they were made. */
export function saveGrid(name: string, plan: FramePlan, decode: DecodeSettings): Promise<void> {
  const { source: model } = useModel()
  const { enlargement } = useViewing()
  return askAndRun({
    failed: 'The grid couldn’t be saved',
    ask: async () => (model ? request('dialog.saveExport', { format: 'contactSheet', name }) : null),
    run: (path, overwrite) =>
      request('animation.export', {
        model: model!,
        plan,
        decode,
        target: { path, overwrite, format: 'contactSheet', scale: gridScale, enlargement },
      }),
    done: (path) => ({ title: 'Grid saved', detail: path }),
  })
}
