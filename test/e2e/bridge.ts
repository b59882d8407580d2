import type { Page } from '@playwright/test'
import type { Events, RouteInput, RouteName, RouteOutput, Routes } from '#shared/contract'
import { unwrap, type Result } from '#shared/errors'

/** Sends a request to the main process from within the page, as the page's own code would. */
export async function ask<Name extends RouteName>(
  page: Page,
  route: Name,
  input: RouteInput<Routes[Name]>,
): Promise<Result<RouteOutput<Routes[Name]>>> {
  const result = await page.evaluate(
    ([name, value]) => window.studio.request(name as string, value, crypto.randomUUID()),
    [route, input] as const,
  )
  return result as Result<RouteOutput<Routes[Name]>>
}

/** Returns the data of a response that must be successful. */
export async function get<Name extends RouteName>(
  page: Page,
  route: Name,
  input: RouteInput<Routes[Name]>,
): Promise<RouteOutput<Routes[Name]>> {
  return unwrap(await ask(page, route, input))
}

/** Collects an event's payloads in the page from now on; the returned function reads them. */
export async function collect<Name extends keyof Events>(
  page: Page,
  event: Name,
): Promise<() => Promise<Events[Name][]>> {
  const collected = await page.evaluateHandle((name) => {
    const payloads: unknown[] = []
    window.studio.on(name as keyof Events, (payload) => payloads.push(payload))
    return payloads
  }, event as string)
  return () => collected.jsonValue() as Promise<Events[Name][]>
}
