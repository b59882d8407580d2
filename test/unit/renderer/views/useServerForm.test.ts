import { expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { inferenceServer, type InferenceServer } from '#shared/inferenceServer'
import { useServerForm } from '../../../../src/renderer/views/useServerForm'

const full = inferenceServer.parse({
  url: 'https://gpu-server',
  model: 'fruits',
  version: '3',
  header: 'Authorization: Bearer x',
  ca: '/etc/ssl/ours.pem',
  fallback: 'cpu',
})

function openForm(server: InferenceServer | null = null) {
  const saved = shallowRef(server)
  const form = effectScope().run(() => useServerForm(() => saved.value))!
  return { form, saved }
}

it('says nothing about an address while it is typed (would catch an alert at the first letter)', () => {
  const { form } = openForm()
  for (const typed of ['h', 'http', 'gpu-server']) {
    form.entered.url = typed
    expect(form.problem.value).toBeNull()
  }
  form.check('url')
  expect(form.problem.value).toMatchObject({
    field: 'url',
    text: expect.stringMatching(/^The address .*\.$/),
  })
})

it('keeps what it has said up to date, and is silent again once it was corrected', () => {
  const { form } = openForm()
  form.entered.url = 'gpu-server'
  form.check('url')
  const first = form.problem.value?.text
  form.entered.url = 'http://me:secret@gpu-server'
  expect(form.problem.value?.text).not.toBe(first)
  form.entered.url = 'http://gpu-server'
  expect(form.problem.value).toBeNull()
  form.entered.url = 'gpu'
  expect(form.problem.value).toBeNull()
})

it('says nothing about a field that is left valid, or while there is no address', () => {
  const { form } = openForm()
  form.entered.header = 'nothing'
  form.check('header')
  expect(form.problem.value).toBeNull()
  form.entered.url = 'http://gpu-server'
  form.check('url')
  expect(form.problem.value).toBeNull()
  form.check('header')
  expect(form.problem.value?.field).toBe('header')
})

it('checks all fields when it is submitted', () => {
  const { form } = openForm()
  Object.assign(form.entered, { url: 'http://gpu-server', header: 'nothing', ca: 'ours.pem' })
  expect(form.submit()).toBeNull()
  expect(form.problem.value?.field).toBe('header')
  form.entered.header = ''
  expect(form.submit()).toBeNull()
  expect(form.problem.value).toMatchObject({ field: 'ca', text: expect.stringContaining('whole path') })
  form.entered.ca = ''
  expect(form.submit()).toEqual(inferenceServer.parse({ url: 'http://gpu-server' }))
})

it.each(['/etc/ssl/ours.pem', 'C:\\certificates\\ours.pem', '\\\\share\\ours.pem'])(
  'takes the authority in %s',
  (ca) => {
    const { form } = openForm()
    Object.assign(form.entered, { url: 'https://gpu-server', ca: ` ${ca} ` })
    expect(form.submit()).toMatchObject({ ca })
  },
)

it('shows all of the server in use, and gives up what is emptied (would catch a version or authority that stays with the next server)', async () => {
  const { form, saved } = openForm(full)
  expect(form.entered).toEqual(full)
  expect(form.isInUse.value).toBe(true)
  Object.assign(form.entered, { version: '', ca: ' ' })
  expect(form.isInUse.value).toBe(false)
  const { version: _version, ca: _ca, ...rest } = full
  expect(form.submit()).toEqual(rest)
  saved.value = null
  await nextTick()
  expect([form.entered.url, form.entered.ca, form.isEmpty.value]).toEqual(['', '', true])
})
