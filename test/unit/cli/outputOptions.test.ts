import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import {
  addOutputOptions,
  exportTargetOf,
  refuseAnimationOptions,
  type OutputOptions,
} from '../../../src/cli/outputOptions'

function optionsOf(...options: string[]) {
  const command = addOutputOptions(new Command(), 'morph.gif').exitOverride()
  command.configureOutput({ writeErr: () => undefined })
  command.parse(options, { from: 'user' })
  return command.opts<OutputOptions & { output: string }>()
}

function parse(...options: string[]) {
  const { output, ...rest } = optionsOf(...options)
  return exportTargetOf(output, rest)
}

describe('the options of an output', () => {
  it.each([
    [[], 'forever'],
    [['--repeat', 'once'], 'once'],
    [['--repeat', 'ping-pong'], 'ping-pong'],
    [['--once'], 'once'],
    [['--ping-pong'], 'ping-pong'],
    [['--ping-pong', '--once'], 'ping-pong-once'],
  ])('%j repeats %s; those of version 0.1 go on working', (options, repeat) => {
    expect(parse(...options).repeat).toBe(repeat)
  })

  it('no longer shows what version 0.1 called them', () => {
    const help = addOutputOptions(new Command()).helpInformation()
    expect(help).toContain('--repeat')
    expect(help).not.toMatch(/--once|--ping-pong/)
  })

  it.each([29.97, 23.976, 0.5])('takes %d frames a second', (fps) => {
    expect(parse('--fps', String(fps)).fps).toBe(fps)
  })

  it.each(['0', '121', '-5', 'x', ''])('refuses "%s" frames a second, naming the range', (fps) => {
    expect(() => parse('--fps', fps)).toThrow(/from 0\.1 to 120/)
  })

  it('takes a format by name where the output does not tell it', () => {
    expect(parse('-o', 'v1.2', '--format', 'png').format).toBe('png')
    expect(parse('-o', 'a.png', '--format', 'apng').format).toBe('apng')
  })

  it('refuses a name that is not UTF-8 (would catch a file under another name)', () => {
    expect(() => parse('-o', 'caf\uFFFD.gif')).toThrow(/not valid UTF-8/)
  })

  it('refuses the standard output (would catch a folder called "-")', () => {
    expect(() => parse('-o', '-')).toThrow(/cannot be written to standard output/)
  })

  it.each([
    [['--scale', '2'], '--scale'],
    [['--enlarge', 'sharp'], '--enlarge'],
    [['--fps', '24'], '--fps'],
    [['--quality', '50'], '--quality'],
    [['--repeat', 'once'], '--repeat'],
    [['--ping-pong'], '--repeat'],
  ])(
    'are refused where frames are written one by one: %j (would catch one left out silently)',
    (options, name) => {
      expect(() => refuseAnimationOptions(optionsOf(...options))).toThrow(`${name} applies to an animation`)
    },
  )

  it('are not refused there when they are as always, nor is what decides the frames', () => {
    refuseAnimationOptions(optionsOf('--scale', '1', '--batch', '3', '--force', '-o', 'frames'))
  })
})
