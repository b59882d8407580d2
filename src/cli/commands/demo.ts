import { join } from 'node:path'
import type { Command } from 'commander'
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
import { outputPath } from '../parsers'
import { formatBytes, formatDuration } from '#core/format/quantities'
import { printResult } from '../terminal'

interface DemoOptions extends EncodingOptions {
  output: string
}

/** `demo`: the main task on bundled files. An apple becomes a tomato. */
export function addDemoCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('demo')
    .description('morph a bundled apple into a bundled tomato: frames, GIF, contact sheet, report')
    .option('-o, --output <folder>', 'output folder', outputPath, 'out/demo')
  addEncodingOptions(command).action((options: DemoOptions) => runDemo(installation, options))
}

async function runDemo(installation: CommandEnvironment, { output, ...options }: DemoOptions): Promise<void> {
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
    { path: join(output, 'frames'), format: 'png', scale: 1 },
    { path: join(output, 'apple-to-tomato.gif'), format: 'gif', scale: 4 },
    { path: join(output, 'contact-sheet.png'), format: 'contactSheet', scale: 2 },
  ]
  await makeFolder(output)
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
    }
    return done
  })
  const [made] = reports
  const { stops: ends, compute } = made
  const seconds = reports.reduce((sum, report) => sum + report.seconds, 0)
  const written = reports.map(({ path, format, frames, resumedFrames, bytes }) => ({
    path,
    format,
    frames,
    resumedFrames,
    bytes,
  }))
  const report = { ends, seconds, compute, decode: job.decode, outputs: written }
  const json = Buffer.from(`${JSON.stringify(report, null, 2)}\n`)
  await writeAtomicFile(join(output, 'report.json'), json, { overwrite: true })
  printResult(options.json ?? false, { ok: true, ...report }, [
    ...ends.map(describeLatentReport),
    ...written.map(({ path, frames, bytes }) => `${path}: ${frames} frames, ${formatBytes(bytes)}`),
    `${join(output, 'report.json')}: every number of this run`,
    `${formatDuration(seconds)}${describeMaking(made)}`,
  ])
}
