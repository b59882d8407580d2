import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StudyManifest } from '#engine/lab/journal'
import { openStudyFolder } from '#engine/lab/studyFolder'
import { holdsStudyShards, mergeStudy, requireShardFits, shardFolder } from '#engine/lab/studyShards'
import { newFolder } from '../../../fixtures/cli'
import { entryOf, manifest } from './study'

/** A folder in which shards of a study have measured cells: shard index -> cells of the study. */
async function sharded(
  shards: Record<number, number[]>,
  manifests: Record<number, StudyManifest> = {},
): Promise<string> {
  const folder = join(newFolder(), 'study')
  mkdirSync(folder)
  for (const [index, cells] of Object.entries(shards)) {
    const journal = await openStudyFolder(join(folder, `shard-${index}-of-2`), manifests[+index] ?? manifest)
    for (const cell of cells) await journal.append(entryOf(cell, [0.1 * cell, 0.2]))
  }
  return folder
}

describe('the shards of a study', () => {
  it('merge into the study that a single run would measure, with the cells in the same order', async () => {
    const folder = await sharded({ 1: [1], 0: [0] })
    expect(await mergeStudy({ folder })).toEqual({ folder, shards: 2, items: 2, output: null })

    const alone = await openStudyFolder(join(newFolder(), 'alone'), manifest)
    for (const cell of [0, 1]) await alone.append(entryOf(cell, [0.1 * cell, 0.2]))
    const merged = await openStudyFolder(folder, manifest)
    expect([...merged.entries]).toEqual([...alone.entries])
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['lab.csv', 'lab.json', 'curves.png']))
    expect(JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')).cells).toHaveLength(2)
  })

  it('can be merged twice without any change (would catch duplicated cells)', async () => {
    const folder = await sharded({ 0: [0], 1: [1] })
    await mergeStudy({ folder })
    const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8')
    await mergeStudy({ folder })
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toBe(before)
  })

  it('fail to merge when cells are missing: the error names the shard to run, and nothing is written', async () => {
    const folder = await sharded({ 0: [0] })
    await expect(mergeStudy({ folder })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/1 of 2 cells are missing\. Run shard 1 of 2 again\./),
    })
    expect(readdirSync(folder)).toEqual(['shard-0-of-2'])
  })

  it('fail to merge when they belong to different studies', async () => {
    const other = { ...manifest, model: { ...manifest.model, sha256: 'cc' } }
    const folder = await sharded({ 0: [0], 1: [1] }, { 1: other })
    await expect(mergeStudy({ folder })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringMatching(/shard-0-of-2 \(.*\) and shard-1-of-2 differ in model\. Remove/),
    })
  })

  it('are refused before they measure in a folder that holds something else, which the error tells to move (would catch cells that merge then refuses)', async () => {
    const folder = await sharded({ 0: [0] })
    writeFileSync(join(folder, 'film.gif'), '')
    await expect(shardFolder(folder, { index: 1, count: 2 })).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringMatching(
        /besides shards of a study it holds "film\.gif": move "film\.gif" elsewhere\.$/,
      ),
    })
    const diary = newFolder()
    writeFileSync(join(diary, 'diary.txt'), '')
    await expect(shardFolder(diary, { index: 1, count: 2 })).rejects.toMatchObject({
      message: expect.stringContaining('it holds "diary.txt" and no study: choose an empty folder.'),
    })
  })

  it('are refused beside another study, merged or in shards, and welcome beside their own', async () => {
    const folder = await sharded({ 0: [0], 1: [1] })
    mkdirSync(join(folder, 'shard-2-of-3'))
    const other = { ...manifest, study: { ...manifest.study, clip: true } }
    const refusal = { code: 'EXISTS', message: expect.stringContaining('differs from this one in clip') }
    await requireShardFits(folder, manifest)
    await expect(requireShardFits(folder, other)).rejects.toMatchObject(refusal)
    const merged = join(newFolder(), 'study')
    await openStudyFolder(merged, manifest)
    await requireShardFits(merged, manifest)
    await expect(requireShardFits(merged, other)).rejects.toMatchObject(refusal)
  })

  it('cannot be merged into a film', async () => {
    const folder = await sharded({ 0: [0, 1] })
    const target = { path: 'film.gif', format: 'gif' } as Parameters<typeof mergeStudy>[0]['target']
    await expect(mergeStudy({ folder, target })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('are detected in a study folder, and not in an empty folder', async () => {
    expect(await holdsStudyShards(await sharded({ 0: [0] }))).toBe(true)
    expect(await holdsStudyShards(newFolder())).toBe(false)
  })
})
