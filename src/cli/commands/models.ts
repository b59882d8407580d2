import { resolve } from 'node:path'
import type { Command } from 'commander'
import { formatBytes, formatMilliseconds, formatPsnr } from '#core/format/quantities'
import { frameMilliseconds, type ModelList, type ModelRow } from '#shared/models'
import { presetFor } from '#shared/presets'
import { suggestedModels, type SuggestedModel } from '#shared/suggestedModels'
import { bundledModelFolders } from '#host/models/bundledModels'
import { withEngine } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import { somePaths } from '../parsers'
import { printResult } from '../terminal'

/** `models`: lists the models on this computer, whether they open, and which could be downloaded. */
export function addModelsCommand(program: Command, installation: CommandEnvironment): void {
  program
    .command('models')
    .description(
      'list the models on this computer and some that can be downloaded, without using the network',
    )
    .argument('[folders...]', 'other models, or folders that contain models', somePaths)
    .option('--json', 'print one JSON object on stdout')
    .action((folders: string[] | undefined, { json = false }: { json?: boolean }) =>
      withEngine(installation, async (call) => {
        const list = await call('model.list', {
          bundled: await bundledModelFolders(installation.resources),
          folders: (folders ?? []).map((folder) => resolve(folder)),
        })
        const suggested = suggestedModels.filter(({ id }) => !list.rows.some((row) => row.id === id))
        printResult(json, { ok: true, ...list, suggested }, describeList(list, suggested))
      }),
    )
}

function describeList(
  { rows, cacheFolder, others }: ModelList,
  suggested: readonly SuggestedModel[],
): string[] {
  const of = (isBundled: boolean) =>
    rows.filter(({ place }) => (place === 'bundled') === isBundled).flatMap(describeRow)
  const besides = others === 0 ? [] : [`  (${others} other repositories there aren’t diffusion models)`]
  const here = of(false)
  return [
    'Bundled',
    ...of(true),
    '',
    `On this computer (Hugging Face cache: ${cacheFolder})`,
    ...(here.length > 0 ? here : ['  none']),
    ...besides,
    '',
    'Available for download, with: slerp-studio pull ID',
    ...suggested.flatMap(({ id, side, bytes, licence, about }) => [
      `  ${id}: ${side} × ${side}, ${formatBytes(bytes)}, ${licence}`,
      `    ${about}`,
    ]),
  ]
}

function describeRow(row: ModelRow): string[] {
  const { id, path, bytes, picture, problem, licence, isUnfinished } = row
  if (isUnfinished)
    return [`  ${id}: ${formatBytes(bytes)} downloaded so far. Resume with: slerp-studio pull ${id}`]
  if (picture === null) return [`  ${id}: does not open. ${problem}`, `    ${path}`]
  const facts = [
    `${picture.width} × ${picture.height}`,
    formatBytes(bytes),
    licence ?? 'licence not stated',
    ...describeUse(row),
  ]
  return [`  ${id}: ${facts.join(', ')}`, `    ${path}`]
}

function describeUse({ use, cleanTimestep, presetKind }: ModelRow): string[] {
  if (use === null || presetKind === null) return []
  const { psnr } = use
  const { decode } = presetFor(presetKind, 'standard')
  const frame = frameMilliseconds(use, { ...decode, cleanTimestep: cleanTimestep ?? undefined })
  return [
    `${formatMilliseconds(frame)} a frame here`,
    ...(psnr === null ? [] : [`${formatPsnr(psnr)} so far`]),
  ]
}
