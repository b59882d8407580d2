import { join } from 'node:path'
import type { Command } from 'commander'
import type { DecodeSettings } from '#core/diffusion/settings'
import { writeAtomicFile } from '#files/atomicFile'
import { makeFolder } from '#files/makeFolder'
import type { ExportReport } from '#shared/reports'
import { firstFilm } from '#shared/samples'
import type { ExportFormat } from '#shared/exportFormats'
import { withEngine } from '../engineCall'
import { callExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { conditionFieldsOf } from '../conditionOptions'
import {
  addEncodingOptions,
  decodeSettingsOf,
  encodeSettingsOf,
  type EncodingOptions,
} from '../diffusionOptions'
import { modelOf } from '../modelOptions'
import { describeMaking, describeLatentReport } from '../output'
import { pathThrough } from './morph'
import { requireOwnFiles } from '../ownFiles'
import { outputPath } from '../parsers'
import { formatBytes, formatDuration } from '#core/format/quantities'
import { printResult } from '../terminal'

interface DemoOptions extends EncodingOptions {
  output: string
  force?: boolean
}

const outputNames = { frames: 'frames', gif: 'apple-to-tomato.gif', contactSheet: 'contact-sheet.png' }
const reportName = 'report.json'

/** `demo`: the main task on bundled files. An apple becomes a tomato. */
export function addDemoCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('demo')
    .description('morph a bundled apple into a bundled tomato: frames, GIF, contact sheet, report')
    .option('-o, --output <folder>', 'output folder', outputPath, 'out/demo')
    .option('-f, --force', 'overwrite files there that no earlier demo wrote')
  addEncodingOptions(command).action((options: DemoOptions) => runDemo(installation, options))
}

async function runDemo(
  installation: CommandEnvironment,
  { output, force = false, ...options }: DemoOptions,
): Promise<void> {
  const stops = firstFilm.map((name) => ({
    kind: 'picture' as const,
    picture: { path: join(installation.resources, 'samples', name), fit: { mode: 'cover' as const } },
    encode: encodeSettingsOf(options),
    restandardise: false,
    ...conditionFieldsOf(options),
  }))
  const job = {
    model: modelOf(installation, options),
    plan: pathThrough(stops, { frames: 60, easing: 'easeInOut', interpolation: 'slerp' }),
    decode: decodeSettingsOf(options),
  }
  const outputs: { path: string; format: ExportFormat; scale: number }[] = [
    { path: join(output, outputNames.frames), format: 'png', scale: 1 },
    { path: join(output, outputNames.gif), format: 'gif', scale: 4 },
    { path: join(output, outputNames.contactSheet), format: 'contactSheet', scale: 2 },
  ]
  await makeFolder(output)
  await requireOwnFiles(
    {
      folder: output,
      names: [...Object.values(outputNames), reportName],
      record: reportName,
      recordArrays: ['ends', 'outputs'],
    },
    force,
  )
  const reportPath = join(output, reportName)
  // The frames are decoded once: the engine has them cached for the second and third output.
  const reports = await withEngine(installation, async (call) => {
    const done: ExportReport[] = []
    for (const target of outputs) {
      done.push(
        await callExport(call, {
          ...job,
          target: {
            ...target,
            repeat: target.format === 'gif' ? 'ping-pong' : 'forever',
            overwrite: true,
            keepUnfinished: true,
          },
        }),
      )
      // After each output, so that an interrupted demo is known as one, and may be repeated.
      const json = Buffer.from(`${JSON.stringify(reportOn(done, job.decode), null, 2)}\n`)
      await writeAtomicFile(reportPath, json, { overwrite: true })
    }
    return done
  })
  const [made] = reports
  const report = reportOn(reports, job.decode)
  printResult(options.json ?? false, { ok: true, ...report }, [
    ...report.ends.map(describeLatentReport),
    ...report.outputs.map(({ path, frames, bytes }) => `${path}: ${frames} frames, ${formatBytes(bytes)}`),
    `${reportPath}: every number of this run`,
    `${formatDuration(report.seconds)}${describeMaking(made)}`,
  ])
}

/** Everything that is known of a demo: its two latents, and the outputs that are finished. */
function reportOn(reports: readonly ExportReport[], decode: DecodeSettings) {
  const [{ stops: ends, compute }] = reports
  const seconds = reports.reduce((sum, report) => sum + report.seconds, 0)
  const outputs = reports.map(({ path, format, frames, resumedFrames, bytes }) => ({
    path,
    format,
    frames,
    resumedFrames,
    bytes,
  }))
  return { ends, seconds, compute, decode, outputs }
}
