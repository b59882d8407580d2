#!/usr/bin/env node
// Entry of the headless commands. In a source checkout, brings the build up to date first.
import { ensureBuiltOrExit } from '../tools/ensureBuilt.mjs'

await ensureBuiltOrExit()
await import('../out/main/cli.js')
