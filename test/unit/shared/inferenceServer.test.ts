import { expect, it } from 'vitest'
import { inferenceServer } from '#shared/inferenceServer'

it.each(['http://gpu-box:8000', 'https://10.0.0.7/models/a@b', 'http://[::1]:8000/'])('takes %s', (url) => {
  expect(inferenceServer.parse({ url })).toMatchObject({ url })
})

it.each([
  'http://user:secret@host',
  'http://user@host',
  'http://:secret@host',
  'http:\\\\user:secret@host',
  'http://host/x?key=abc',
  'http://host/x?',
  'http://host/#abc',
])('refuses %s, which every message and export would show', (url) => {
  const { issues } = inferenceServer.safeParse({ url }).error!
  expect(issues.map(({ message }) => message).join()).toMatch(
    /put credentials in the header|begins with http/,
  )
})
