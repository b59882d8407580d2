import type { Page } from '@playwright/test'
import type { Bridge } from '#shared/contract'

/** What attempts can use in the page. */
export interface Probe {
  /** A server that must never be contacted: `127.0.0.1:port`. */
  host: string
  /** Adds an element to the page: "load", "error", or "silence" after a while. */
  load(tag: string, attributes: Record<string, string>): Promise<string>
  /** Which directive of the content security policy `action` violates, or "none". */
  violated(action: () => unknown): Promise<string>
  wait(milliseconds: number): Promise<void>
  /** Set by code that must never run. */
  ran?: boolean
}

declare global {
  interface Window {
    probe: Probe
    studio: Bridge
  }
}

/** Installs the probe in the page. */
export async function installProbe(page: Page, host: string): Promise<void> {
  await page.evaluate((target) => {
    const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
    window.probe = {
      host: target,
      wait,
      load(tag, attributes) {
        const element = document.createElement(tag)
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
        const heard = new Promise<string>((resolve) => {
          for (const event of ['load', 'error']) element.addEventListener(event, () => resolve(event))
        })
        document.body.append(element)
        return Promise.race([heard, wait(700).then(() => 'silence')]).finally(() => element.remove())
      },
      violated(action) {
        const heard = new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          })
        })
        void (async () => action())().catch(() => undefined)
        return Promise.race([heard, wait(700).then(() => 'none')])
      },
    }
  }, host)
}

/** Something that a page of the app must not be able to do; returns the outcome in a word. */
export type Attempt = (probe: Probe) => unknown

/**
 * Runs an attempt as the page's own code would. Inside `evaluate` itself the inspector may lift the policy,
 * so a timer leaves it first.
 *
 * @returns the attempt's result as text, or "threw …" with the error's name
 */
export function runAttempt(page: Page, attempt: Attempt): Promise<string> {
  return page.evaluate(`new Promise((resolve) => setTimeout(async () => {
    try {
      resolve(String(await (${attempt.toString()})(window.probe)))
    } catch (error) {
      resolve('threw ' + error.name)
    }
  }, 0))`)
}
