import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathThrough } from '../src/cli/morph'
import { measureFidelity } from '#core/diffusion/fidelity'
import { frameDistances, leapsIn, unevenness, type FrameDistance } from '#core/timeline/frameDistances'
import type { Tensor } from '#core/diffusion/tensor'
import { countFrames } from '#core/timeline/timeline'
import { createEngineHandlers } from '#engine/handlers'
import { decodePng } from '#engine/image/decodePng'
import { pixelsToTensor } from '#engine/image/tensorPixels'
import { ContentCache } from '#files/ContentCache'
import { engineRoutes } from '#shared/contract'
import { presets } from '#shared/presets'
import type { FramePlan } from '#shared/settings'
import { bundledModel, threads } from './subjects'

type PathPlan = Extract<FramePlan, { kind: 'path' }>

const apples = ['apple-golden', 'apple-granny-smith', 'apple-red', 'apple-red-yellow']
const tomatoes = ['tomato-cherry-red', 'tomato-heart', 'tomato-yellow']
const pairs = apples.flatMap((apple) => tomatoes.map((tomato) => [apple, tomato] as const))
const frames = 61
const { encode, decode } = presets.find(({ id }) => id === 'draft')!
const model = { path: bundledModel, threads }
const document = resolve('docs/even-timing.md')

// What is computed is kept, so that a run of half an hour can be interrupted.
const handlers = createEngineHandlers({ disk: new ContentCache(resolve('test-results/timing')) })
const context = {
  signal: new AbortController().signal,
  report: () => undefined,
  computesOn: () => undefined,
  evaluates: () => undefined,
}

function planOf(names: readonly string[]): PathPlan {
  const stops = names.map((name) => ({
    kind: 'picture' as const,
    picture: { path: resolve('resources/samples', `${name}.webp`), fit: { mode: 'cover' as const } },
    encode,
    restandardise: false,
  }))
  return pathThrough(stops, { frames, easing: 'linear', interpolation: 'slerp' })
}

async function timedEvenly(plan: PathPlan, distance: FrameDistance): Promise<PathPlan> {
  const { input } = engineRoutes['animation.timing']
  const request = input.parse({ model, plan, decode, distance })
  const { segments } = await handlers['animation.timing'](request, context)
  return { ...plan, segments }
}

/** How far each finished frame of a film is from the next, by every distance. */
async function distancesIn(plan: PathPlan): Promise<Record<FrameDistance, number[]>> {
  const { input } = engineRoutes['animation.frames']
  const pictures: Tensor[] = []
  for (let index = 0; index < countFrames(plan); index++) {
    const request = input.parse({ model, plan, indices: [index], decode })
    const { frames: pngs } = await handlers['animation.frames'](request, context)
    pictures.push(pixelsToTensor(await decodePng(pngs[0]), 3))
  }
  const fidelities = pictures.slice(1).map((picture, at) => measureFidelity(pictures[at], picture))
  const entries = frameDistances.map(({ id, of }) => [id, fidelities.map(of)])
  return Object.fromEntries(entries) as Record<FrameDistance, number[]>
}

/** Largest step over mean step of films of 61 frames, as they are and timed evenly, as a page of the documentation. */
export async function benchTiming(): Promise<void> {
  const rows: string[] = []
  for (const pair of pairs) {
    const plan = planOf(pair)
    const before = await distancesIn(plan)
    const cells = [pair.join(' → '), leapsIn(before.rmse).length > 0 ? 'yes' : 'no']
    const after = await distancesIn(await timedEvenly(plan, frameDistances[0].id))
    for (const { id } of frameDistances) {
      cells.push(unevenness(before[id]).toFixed(2), unevenness(after[id]).toFixed(2))
    }
    rows.push(`| ${cells.join(' | ')} |`)
    console.log(rows.at(-1))
    await writeFile(document, page(rows))
  }
}

function page(rows: readonly string[]): string {
  const titles = frameDistances.flatMap(({ title }) => [`${title}, equal fractions`, `${title}, even`])
  return `# Even timing

Slerp turns a latent at one speed, and yet pictures do not change at one speed: often most of a film happens within a few frames.
\`morph --timing even\`, and Even in the studio, put the frames where each differs from the next by as much as all others.

The table shows the largest distance between neighbouring frames over the mean one, 1 being perfectly even: for films of ${frames}
frames at equal fractions of the way, and for the same films timed evenly by ${frameDistances[0].title}. A film has a leap where one of
its steps is more than four times the mean, by RMSE and at equal fractions. Everything by the bundled model and the Draft preset,
${decode.steps} steps each way. Written by \`npm run bench timing\`.

| pair | leap | ${titles.join(' | ')} |
| --- | --- | ${titles.map(() => '---:').join(' | ')} |
${rows.join('\n')}

## How

1. Each segment is looked at in 8 gaps. The widest gap, by the chosen distance, is split until there are as many frames as asked
   for. A leap is split again and again, a calm stretch hardly at all.
2. The frames move to equal distances along the curve that was measured.
3. Over several segments, frames are first shared out by how much each segment changes.

The places are kept in the document and in the provenance of every export, so a film that is resumed or made again is the same.
`
}
