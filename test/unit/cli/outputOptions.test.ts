import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import {
  addOutputOptions,
  exportTargetOf,
  namedRepeat,
  refuseAnimationOptions,
  type OutputOptions,
} from '../../../src/cli/outputOptions'

function optionsOf(...options: string[]) {
  const command = addOutputOptions(new Command(), 'morph.gif')
    .exitOverride()
    .action(() => undefined)
  command.configureOutput({ writeErr: () => undefined })
  command.parse(options, { from: 'user' })
  return command.opts<OutputOptions & { output: string }>()
}

function parse(...options: string[]) {
  const { output, ...rest } = optionsOf(...options)
  return exportTargetOf(output, rest)
}

describe('output options', () => {
  it.each([
    [[], 'forever'],
    [['--repeat', 'once'], 'once'],
    [['--repeat', 'ping-pong'], 'ping-pong'],
    [['--once'], 'once'],
    [['--ping-pong'], 'ping-pong'],
    [['--ping-pong', '--once'], 'ping-pong-once'],
  ])('%j set the repeat to %s; the flags of version 0.1 still work', (options, repeat) => {
    expect(parse(...options).repeat).toBe(repeat)
  })

  it.each([
    [[], undefined],
    [['--repeat', 'forever'], 'forever'],
    [['--once'], 'once'],
    [['--ping-pong'], 'ping-pong'],
    [['--fps', '5'], undefined],
  ])(
    '%j ask for the repeat %s (would catch a default that overrides that of a project)',
    (options, repeat) => {
      const command = addOutputOptions(new Command()).action(() => undefined)
      expect(namedRepeat(command.parse(options, { from: 'user' }))).toBe(repeat)
    },
  )

  it('do not list the flags of version 0.1 in the help', () => {
    const help = addOutputOptions(new Command()).helpInformation()
    expect(help).toContain('--repeat')
    expect(help).not.toMatch(/--once|--ping-pong/)
  })

  it.each([29.97, 23.976, 0.5])('accept %d frames per second', (fps) => {
    expect(parse('--fps', String(fps)).fps).toBe(fps)
  })

  it.each(['0', '121', '-5', 'x', ''])('reject "%s" frames per second and name the valid range', (fps) => {
    expect(() => parse('--fps', fps)).toThrow(/from 0\.1 to 120/)
  })

  it('take the format from --format rather than from the output’s ending', () => {
    expect(parse('-o', 'v1.2', '--format', 'png').format).toBe('png')
    expect(parse('-o', 'a.png', '--format', 'apng').format).toBe('apng')
  })

  it.each([
    ['film.mp4', 'gif', /"film\.mp4" ends in \.mp4, and --format asks for gif: end it in \.gif/],
    ['a.GIF', 'mp4', /ends in \.gif.*end it in \.mp4/],
    ['a.apng', 'contactSheet', /ends in \.apng.*end it in \.png/],
    ['sheet.png', 'png', /ends in \.png.*name a folder/],
  ])('reject "%s" for the format %s (would catch a GIF in film.mp4)', (output, format, sentence) => {
    expect(() => parse('-o', output, '--format', format)).toThrow(sentence)
  })

  it.each([
    ['a.png', 'still'],
    ['a.png', 'contactSheet'],
    ['a.apng', 'apng'],
    ['v1.2', 'gif'],
    ['film', 'gif'],
  ])('accept "%s" for the format %s', (output, format) => {
    expect(parse('-o', output, '--format', format)).toMatchObject({ path: output, format })
  })

  it.each([
    ['mp4', 'morph.mp4'],
    ['still', 'morph.png'],
    ['png', 'morph'],
  ])('name the output after --format %s if the command line does not: %s', (format, path) => {
    expect(parse('--format', format)).toMatchObject({ path, format })
  })

  it('reject a file name that is not valid UTF-8 (would catch a file written under another name)', () => {
    expect(() => parse('-o', 'caf\uFFFD.gif')).toThrow(/not valid UTF-8/)
  })

  it('reject standard output (would catch a folder named "-")', () => {
    expect(() => parse('-o', '-')).toThrow(/cannot be written to standard output/)
  })

  it.each([
    [['--scale', '2'], '--scale'],
    [['--enlarge', 'sharp'], '--enlarge'],
    [['--fps', '24'], '--fps'],
    [['--quality', '50'], '--quality'],
    [['--repeat', 'once'], '--repeat'],
    [['--ping-pong'], '--repeat'],
    [['--format', 'gif'], '--format'],
  ])(
    'are rejected where single frames are written: %j (would catch an option that is silently ignored)',
    (options, name) => {
      expect(() => refuseAnimationOptions(optionsOf(...options))).toThrow(`${name} applies to an animation`)
    },
  )

  it('are accepted there if they have their default values or do not concern an animation', () => {
    for (const given of [
      ['--scale', '1', '--batch', '3', '--force', '-o', 'frames'],
      ['--format', 'png', '-o', 'v1.2'],
    ])
      expect(() => refuseAnimationOptions(optionsOf(...given)), given.join(' ')).not.toThrow()
  })
})
