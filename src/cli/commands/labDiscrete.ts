import { join } from 'node:path'
import { reverseRules } from '#core/diffusion/discrete/reverseRule'
import { writeAtomicFile } from '#files/atomicFile'
import { makeFolder } from '#files/makeFolder'
import type { DiscreteReport, StudyStop } from '#shared/lab'
import { withEngine } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import { modelOf, type ModelOptions } from '../modelOptions'
import { requireOwnFiles } from '../ownFiles'
import { alignColumns, printResult } from '../terminal'

/** The options of `lab --discrete`. */
export interface DiscreteOptions extends ModelOptions {
  colours: number
  side: number
  steps: number[]
  seed: number
  output: string
  force?: boolean
}

/** `lab --discrete A B …`: strips of the paper's appendix A, and how random each rule is. */
export async function runDiscreteLab(
  installation: CommandEnvironment,
  stops: StudyStop[],
  { colours, side, steps, seed, output, force = false, json = false, ...options }: DiscreteOptions,
): Promise<void> {
  const names = { figure: 'discrete.png', numbers: 'discrete.json' }
  await requireOwnFiles(
    {
      folder: output,
      names: Object.values(names),
      record: names.numbers,
      recordArrays: ['strips', 'pictures'],
    },
    force,
  )
  const model = modelOf(installation, options)
  const report = await withEngine(installation, (call) =>
    call('lab.discrete', { model, stops, colours, side, steps, seed }),
  )
  const { figure, ...numbers } = report
  await makeFolder(output)
  const files = { figure: join(output, names.figure), numbers: join(output, names.numbers) }
  // The numbers come first: they show later runs that both files are theirs.
  await writeAtomicFile(files.numbers, Buffer.from(`${JSON.stringify(numbers, null, 2)}\n`), {
    overwrite: true,
  })
  await writeAtomicFile(files.figure, figure, { overwrite: true })
  printResult(json, { ok: true, ...numbers, files: Object.values(files) }, [
    ...tableOf(report),
    '',
    `${files.figure}: strips of ${report.colours} colours; ${files.numbers}: the same numbers`,
  ])
}

function tableOf({ strips, pictures }: DiscreteReport): string[] {
  const heading = ['sigma', 'S', 'changes a pixel', 'ends at', 'agreement']
  const rows = strips.map(({ rule, steps, changes, picture, agreement }) => [
    reverseRules.find(({ id }) => id === rule)!.title,
    String(steps),
    changes.toFixed(3),
    pictures[picture],
    agreement.toFixed(4),
  ])
  return alignColumns([heading, ...rows])
}
