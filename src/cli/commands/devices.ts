import type { Command } from 'commander'
import { formatMilliseconds, plural } from '#core/format/quantities'
import { devices, precisionNames, type DeviceReport, type Placement } from '#shared/devices'
import { choose } from '#host/devices/selectDevice'
import type { CommandEnvironment } from '../installation'
import { openDevices } from '../openDevices'
import { printResult, say } from '../terminal'

/** `devices`: which devices of this machine have passed their check, and why the others have not. */
export function addDevicesCommand(program: Command, installation: CommandEnvironment): void {
  program
    .command('devices')
    .description(
      'test each device this machine can compute on, for up to a minute each, and remember how accurate it is',
    )
    .option('--json', 'print one JSON object on stdout')
    .action(async ({ json = false }: { json?: boolean }) => {
      const opened = openDevices(installation)
      say('Each device runs a test network, and its result is compared with the CPU’s.')
      const reports = await opened.check()
      await opened.close()
      const auto = choose(
        'auto',
        reports.filter(({ provider, precision }) => provider !== 'cpu' && precision === 'fp32'),
      )
      printResult(json, { ok: true, devices: reports, auto }, describeDevices(reports, auto))
    })
}

function describeDevices(reports: readonly DeviceReport[], auto: Placement): string[] {
  return [
    ...reports.flatMap(describeDevice),
    '',
    `--device auto takes ${devices[auto.provider].name}.${auto.reason ? ` ${auto.reason}` : ''}`,
  ]
}

function describeDevice(report: DeviceReport): string[] {
  const label = `${devices[report.provider].name} ${precisionNames[report.precision]}`
  const name = label.padEnd(13)
  if (!report.proved) {
    return [
      `${name} not usable: ${report.reason}`,
      ...(report.remedy ? [`${' '.repeat(14)}→ ${report.remedy}`] : []),
    ]
  }
  const memory = report.memoryBytes === null ? [] : [`${(report.memoryBytes / 2 ** 30).toFixed(0)} GiB`]
  const comparison = [
    `${formatMilliseconds(report.milliseconds!)} where the CPU takes ${formatMilliseconds(report.cpuMilliseconds!)}`,
    `${report.deviation!.toExponential(1)} from the CPU’s result`,
    `${report.batch} ${plural(report.batch!, 'picture')} at a time`,
  ]
  const own = report.provider === 'cpu' ? [formatMilliseconds(report.milliseconds!)] : comparison
  const figures = [...memory, ...own]
  return [`${name} ${report.device ?? 'unnamed'}: ${figures.join(', ')}`]
}
