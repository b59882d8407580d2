import type { Command } from 'commander'
import { formatMilliseconds } from '#core/format/quantities'
import type { DeviceReport } from '#shared/devices'
import { StudioError } from '#shared/errors'
import { findCuda } from '#host/cuda/findCuda'
import { setUpCuda } from '#host/cuda/setUpCuda'
import type { CommandEnvironment } from '../installation'
import { withInterrupts } from '../interrupts'
import { openDevices } from '../openDevices'
import { printResult, say, showProgress } from '../terminal'

const farewell = 'Stopping. What has been downloaded is kept, and the same command continues from there.'
const farewells = { SIGINT: farewell, SIGTERM: farewell, SIGUSR1: farewell }

/** `setup-cuda`: downloads onnxruntime's CUDA provider and checks that it works. */
export function addSetupCudaCommand(program: Command, installation: CommandEnvironment): void {
  program
    .command('setup-cuda')
    .description('download what an NVIDIA card needs (202 MB, Linux), verify it, and test the card')
    .option('--json', 'print one JSON object on stdout')
    .action(({ json = false }: { json?: boolean }) => runSetup(installation, json))
}

async function runSetup(installation: CommandEnvironment, json: boolean): Promise<void> {
  const found = await findCuda()
  say(
    found.driver
      ? `Driver ${found.driver.driver}, supports CUDA up to ${found.driver.newestCuda}.`
      : found.isSilent
        ? 'NVIDIA’s driver does not answer.'
        : 'No NVIDIA driver was found.',
  )
  const start = () => installation.fork(installation.downloadEntry, undefined, false)
  const report = await withInterrupts(
    farewells,
    () => undefined,
    (signal) => setUpCuda(start, { onProgress: showProgress, signal }, found),
  )
  for (const { name, sha256 } of report.files) say(`${name}: SHA-256 ${sha256}`)
  const cuda = await checkCuda(installation)
  const { device, milliseconds, deviation } = cuda
  printResult(json, { ok: true, ...report, cuda }, [
    `CUDA works: ${device}, ${formatMilliseconds(milliseconds!)}, ${deviation!.toExponential(1)} from the CPU’s answer.`,
  ])
}

/** @throws StudioError UNSUPPORTED with what is still missing */
async function checkCuda(installation: CommandEnvironment): Promise<DeviceReport> {
  const devices = openDevices(installation)
  try {
    const cuda = (await devices.check()).find(({ provider }) => provider === 'cuda')
    if (cuda?.proved) return cuda
    const why = [cuda?.reason, cuda?.remedy].filter(Boolean).join(' ')
    throw new StudioError('UNSUPPORTED', `The provider is installed, but does not work yet. ${why}`)
  } finally {
    await devices.close()
  }
}
