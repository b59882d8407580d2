import { expect, it } from 'vitest'
import { appRoutes } from '#shared/contract'
import { appHandlers } from '../../../../src/main/ipc/appHandlers'
import { deviceHandlers } from '../../../../src/main/ipc/deviceHandlers'
import { dialogHandlers } from '../../../../src/main/ipc/dialogHandlers'
import type { AppHandlers, HandlersOf } from '../../../../src/main/ipc/handlers'
import { helpHandlers } from '../../../../src/main/ipc/helpHandlers'
import { libraryHandlers } from '../../../../src/main/ipc/libraryHandlers'
import { modelHandlers } from '../../../../src/main/ipc/modelHandlers'
import { outputHandlers } from '../../../../src/main/ipc/outputHandlers'
import { projectHandlers } from '../../../../src/main/ipc/projectHandlers'
import { requestHandlers } from '../../../../src/main/ipc/RunningRequests'
import { shellHandlers } from '../../../../src/main/ipc/shellHandlers'
import { workHandlers } from '../../../../src/main/ipc/workHandlers'

// Creating the handlers uses none of their parts.
const none = { data: {} } as never
const handlers: AppHandlers = {
  ...appHandlers(none),
  ...deviceHandlers(none),
  ...dialogHandlers(none),
  ...helpHandlers(none),
  ...libraryHandlers(none),
  ...modelHandlers(none),
  ...outputHandlers(none),
  ...projectHandlers(none),
  ...requestHandlers(none),
  ...shellHandlers(none),
  ...workHandlers(none),
}

it('answers every route of the contract and no other', () => {
  expect(Object.keys(handlers).sort()).toEqual(Object.keys(appRoutes).sort())
})

it('does not compile without a handler, or with a wrong one', () => {
  const { 'shell.reveal': _reveal, ...rest } = handlers
  const wrongAnswer = async () => 7
  const wrongInput = async ({ file }: { file: string }) => (file ? null : null)

  // @ts-expect-error a handler is missing
  const missing: AppHandlers = rest
  // @ts-expect-error the handler returns something that the contract does not promise
  const answers: AppHandlers = { ...rest, 'shell.reveal': wrongAnswer }
  // @ts-expect-error the handler needs something that the contract does not send
  const takes: AppHandlers = { ...rest, 'shell.reveal': wrongInput }
  // @ts-expect-error there is no such route in the domain
  const unknown: HandlersOf<'shell'> = { ...shellHandlers(none), 'shell.run': wrongAnswer }

  expect([missing, answers, takes, unknown]).toHaveLength(4)
})
