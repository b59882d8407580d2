#!/usr/bin/env node
// Entry of the headless commands. In a source checkout, brings the build up to date first.
import { ensureBuilt } from '../tools/ensureBuilt.mjs'

await ensureBuilt()
await import('../out/main/cli.js')
