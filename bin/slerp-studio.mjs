#!/usr/bin/env node
// The headless commands. In a source checkout the build is brought up to date first.
import { ensureBuilt } from '../tools/ensureBuilt.mjs'

await ensureBuilt()
await import('../out/main/cli.js')
