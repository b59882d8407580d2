import type { Command } from 'commander'
import { formatBytes, formatDuration } from '#core/format/quantities'
import { pullRequest, type PullReport, type PullRequest } from '#shared/models'
import { pullModel } from '#host/models/pullModel'
import type { CommandEnvironment } from '../installation'
import { unwrapCancelled, withInterrupts } from '../interrupts'
import { acceptedBy } from '../parsers'
import { printResult, say, showProgress } from '../terminal'

interface PullOptions {
  revision?: string
  json?: boolean
}

const farewells = {
  SIGINT: 'Stopping. What has been downloaded is kept, and the same command continues from there.',
  SIGTERM: 'Received SIGTERM. What has been downloaded is kept.',
  SIGUSR1: 'Received SIGUSR1. What has been downloaded is kept.',
}

/** `pull ID`: downloads a published model into the Hugging Face cache. */
export function addPullCommand(program: Command, installation: CommandEnvironment): void {
  program
    .command('pull')
    .description(
      'download a published model into the Hugging Face cache, or resume a download. The only other commands that use a network are setup-cuda and those with --server',
    )
    .argument(
      '<id>',
      'id such as google/ddpm-celebahq-256, or the address of the model’s page',
      acceptedBy(pullRequest.shape.model, 'Give the id of a model, such as google/ddpm-celebahq-256.'),
    )
    .option(
      '--revision <name>',
      'branch, tag or commit (default: main)',
      acceptedBy(pullRequest.shape.revision, 'Give a branch, a tag or a commit.'),
    )
    .option('--json', 'print one JSON object on stdout')
    .action((model: string, { revision, json = false }: PullOptions) =>
      runPull(installation, { model, revision }, json),
    )
}

async function runPull(installation: CommandEnvironment, request: PullRequest, json: boolean): Promise<void> {
  const start = () => installation.fork(installation.downloadEntry, undefined, false)
  const report = await withInterrupts(
    farewells,
    () => undefined,
    async (signal) =>
      unwrapCancelled(await pullModel(start, request, { onProgress: showProgress, signal }), signal),
  )
  for (const notice of report.notices) say(notice)
  printResult(json, { ok: true, ...report }, describePull(report))
}

/** Describes a download. An id opens `main`, so any other revision is opened by its path. */
function describePull({
  repository,
  revision,
  commit,
  path,
  bytes,
  fetchedBytes,
  seconds,
}: PullReport): string[] {
  const came =
    fetchedBytes === 0
      ? 'all of it was already there'
      : `${formatBytes(fetchedBytes)} of them downloaded in ${formatDuration(seconds)}`
  return [
    `${repository} at commit ${commit.slice(0, 12)}: ${formatBytes(bytes)}, ${came}`,
    `Model: ${path}`,
    `Use it with: --model ${revision === 'main' ? repository : path}`,
  ]
}
