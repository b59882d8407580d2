import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { errorCodes } from '#shared/errors'
import { exitCodeOf, tryAgain } from '../../../src/cli/exitCodes'
import { parseShard } from '../../../src/cli/shards'

/** The fields of batch/v1 that the manifest uses, strict: like the API server, refuses misspelt ones. */
const job = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,63}$/) }),
  spec: z.strictObject({
    completionMode: z.literal('Indexed'),
    completions: z.int().min(1),
    parallelism: z.int().min(1),
    backoffLimitPerIndex: z.int().min(0),
    maxFailedIndexes: z.int().min(0),
    podFailurePolicy: z.strictObject({
      rules: z
        .array(
          z.strictObject({
            action: z.enum(['Ignore', 'FailIndex', 'FailJob', 'Count']),
            onPodConditions: z.array(z.strictObject({ type: z.string() })).optional(),
            onExitCodes: z
              .strictObject({
                containerName: z.string(),
                operator: z.enum(['In', 'NotIn']),
                values: z.array(z.int().min(1)).min(1),
              })
              .optional(),
          }),
        )
        .max(20),
    }),
    template: z.strictObject({
      spec: z.strictObject({
        // Pod failure policies allow no other value.
        restartPolicy: z.literal('Never'),
        terminationGracePeriodSeconds: z.int(),
        containers: z.array(z.looseObject({ name: z.string(), command: z.array(z.string()) })).length(1),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
})

it('the Kubernetes Job has valid API fields, gives up on failures not worth a retry, and gives each pod its index and the number of shards', () => {
  const { spec } = job.parse(parse(readFileSync('test/cluster/kubernetes.yaml', 'utf8')))
  const [container] = spec.template.spec.containers
  const given = spec.podFailurePolicy.rules.find(({ action }) => action === 'FailIndex')!.onExitCodes!
  expect(given.containerName).toBe(container.name)
  const final = errorCodes
    .filter((code) => code !== 'CANCELLED')
    .map((code) => exitCodeOf({ code, message: '' }))
    .filter((code) => code !== tryAgain)
  expect(given.values).toEqual([...new Set(final)].sort((a, b) => a - b))
  const shard = container.command[container.command.indexOf('--shard') + 1]
  expect(parseShard(shard, { JOB_COMPLETION_INDEX: '7' })).toEqual({ index: 7, count: spec.completions })
})
