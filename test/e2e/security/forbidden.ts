import type { Attempt } from './probe'

/** An attempt and its only acceptable outcome. */
export interface Forbidden {
  readonly name: string
  readonly attempt: Attempt
  readonly expected: string
}

const forbid = (name: string, attempt: Attempt, expected: string): Forbidden => ({ name, attempt, expected })

const node: Forbidden[] = [
  forbid('require', () => typeof Reflect.get(window, 'require'), 'undefined'),
  forbid('process', () => typeof Reflect.get(window, 'process'), 'undefined'),
  forbid('module', () => typeof Reflect.get(window, 'module'), 'undefined'),
  forbid('Buffer', () => typeof Reflect.get(window, 'Buffer'), 'undefined'),
  forbid('ipcRenderer', () => typeof Reflect.get(window, 'ipcRenderer'), 'undefined'),
]

const code: Forbidden[] = [
  forbid('eval', () => (0, eval)('1'), 'threw EvalError'),
  forbid('new Function', () => new Function('return 1')(), 'threw EvalError'),
  forbid(
    'code in a timer',
    async ({ wait }) => {
      setTimeout('window.probe.ran = true', 0)
      await wait(100)
      return window.probe.ran
    },
    'undefined',
  ),
  forbid(
    'inline script',
    () => {
      const script = document.createElement('script')
      script.textContent = 'window.probe.ran = true'
      document.body.append(script)
      return window.probe.ran
    },
    'undefined',
  ),
  forbid(
    'inline event handler',
    async ({ wait }) => {
      document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.probe.ran = true">')
      await wait(200)
      return window.probe.ran
    },
    'undefined',
  ),
  forbid(
    'javascript: link',
    async ({ wait }) => {
      const link = document.createElement('a')
      link.href = 'javascript:window.probe.ran = true'
      link.click()
      await wait(100)
      return window.probe.ran
    },
    'undefined',
  ),
  forbid(
    'data: script',
    ({ load }) => load('script', { src: 'data:text/javascript,probe.ran=true' }),
    'error',
  ),
  forbid(
    'blob: script',
    ({ load }) => load('script', { src: URL.createObjectURL(new Blob(['probe.ran=true'])) }),
    'error',
  ),
  forbid('data: module', () => import('data:text/javascript,export default 1' as string), 'threw TypeError'),
  forbid(
    'blob: worker',
    ({ violated }) => violated(() => new Worker(URL.createObjectURL(new Blob([''])))),
    'worker-src',
  ),
  forbid(
    'base address',
    ({ violated, load, host }) => violated(() => load('base', { href: `http://${host}` })),
    'base-uri',
  ),
  forbid(
    'inline style',
    ({ violated }) => {
      return violated(() => {
        const style = document.createElement('style')
        style.textContent = 'body { color: red }'
        document.head.append(style)
      })
    },
    'style-src-elem',
  ),
]

const network: Forbidden[] = [
  forbid('remote script', ({ load, host }) => load('script', { src: `http://${host}/a.js` }), 'error'),
  forbid('remote module', ({ host }) => import(`http://${host}/a.js`), 'threw TypeError'),
  forbid('remote picture', ({ load, host }) => load('img', { src: `http://${host}/a.png` }), 'error'),
  forbid(
    'remote style',
    ({ load, host }) => load('link', { rel: 'stylesheet', href: `http://${host}/a.css` }),
    'error',
  ),
  forbid('remote film', ({ load, host }) => load('video', { src: `http://${host}/a.mp4` }), 'error'),
  forbid(
    'remote plug-in',
    ({ violated, load, host }) => violated(() => load('embed', { src: `http://${host}/a` })),
    'object-src',
  ),
  forbid(
    'remote frame',
    ({ violated, load, host }) => violated(() => load('iframe', { src: `http://${host}/` })),
    'frame-src',
  ),
  forbid('remote worker', ({ host }) => new Worker(`http://${host}/a.js`), 'threw SecurityError'),
  forbid(
    'preconnect',
    ({ load, host }) => load('link', { rel: 'preconnect', href: `http://${host}/` }),
    'silence',
  ),
  forbid(
    'prefetch',
    ({ load, host }) => load('link', { rel: 'prefetch', href: `http://${host}/a` }),
    'error',
  ),
  forbid('fetch', ({ host }) => fetch(`http://${host}/`), 'threw TypeError'),
  forbid(
    'fetch without CORS',
    ({ host }) => fetch(`http://${host}/`, { mode: 'no-cors' }),
    'threw TypeError',
  ),
  forbid('fetch of a name', () => fetch('https://example.com/'), 'threw TypeError'),
  forbid(
    'XMLHttpRequest',
    ({ host }) => {
      const request = new XMLHttpRequest()
      request.open('GET', `http://${host}/`, false)
      request.send()
    },
    'threw NetworkError',
  ),
  forbid('WebSocket', ({ violated, host }) => violated(() => new WebSocket(`ws://${host}/`)), 'connect-src'),
  forbid(
    'EventSource',
    ({ violated, host }) => violated(() => new EventSource(`http://${host}/`)),
    'connect-src',
  ),
  forbid(
    'beacon',
    ({ violated, host }) => violated(() => navigator.sendBeacon(`http://${host}/`, 'x')),
    'connect-src',
  ),
  forbid(
    'STUN and TURN of WebRTC',
    async ({ host, wait }) => {
      const iceServers = [
        { urls: `stun:${host}` },
        { urls: `turn:${host}?transport=tcp`, username: 'u', credential: 'c' },
      ]
      const peer = new RTCPeerConnection({ iceServers })
      peer.createDataChannel('x')
      let candidates = 0
      peer.onicecandidate = ({ candidate }) =>
        (candidates += candidate?.type === 'host' || !candidate ? 0 : 1)
      await peer.setLocalDescription(await peer.createOffer())
      await wait(1000)
      peer.close()
      return candidates
    },
    '0',
  ),
]

const navigation: Forbidden[] = [
  forbid('window.open', ({ host }) => window.open(`http://${host}/`), 'null'),
  forbid('window.open of the app itself', () => window.open('app://studio/index.html'), 'null'),
  forbid(
    'link to a new window',
    ({ host }) => {
      const link = document.createElement('a')
      Object.assign(link, { href: `http://${host}/`, target: '_blank' }).click()
    },
    'undefined',
  ),
  forbid(
    'navigation',
    async ({ host, wait }) => {
      location.href = `http://${host}/`
      await wait(300)
      return location.origin
    },
    'app://studio',
  ),
  forbid(
    'navigation to a file',
    async ({ wait }) => {
      location.href = 'file:///etc/passwd'
      await wait(300)
      return location.origin
    },
    'app://studio',
  ),
  forbid(
    'navigation to a data: page',
    async ({ wait }) => {
      location.href = 'data:text/html,<h1>not the app</h1>'
      await wait(300)
      return location.origin
    },
    'app://studio',
  ),
  forbid(
    'refresh by a meta tag',
    async ({ host, load, wait }) => {
      await load('meta', { 'http-equiv': 'refresh', content: `0; url=http://${host}/` })
      await wait(300)
      return location.origin
    },
    'app://studio',
  ),
  forbid(
    'form post',
    ({ host, violated }) =>
      violated(() => {
        const form = document.createElement('form')
        Object.assign(form, { action: `http://${host}/`, method: 'post' })
        document.body.append(form)
        form.submit()
      }),
    'form-action',
  ),
  forbid('webview', () => typeof Reflect.get(document.createElement('webview'), 'loadURL'), 'undefined'),
  forbid(
    'the bridge inside a frame',
    () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      return typeof frame.contentWindow?.studio
    },
    'undefined',
  ),
]

const files: Forbidden[] = [
  forbid('fetch of a file', () => fetch('file:///etc/passwd'), 'threw TypeError'),
  forbid(
    'picture from a file',
    ({ load }) => load('img', { src: 'file:///usr/share/pixmaps/debian-logo.png' }),
    'error',
  ),
  forbid('path traversal', async () => (await fetch('app://studio/../../package.json')).status, '404'),
  forbid(
    'encoded path traversal',
    async () => (await fetch('app://studio/%2e%2e%2f%2e%2e%2fpackage.json')).status,
    '404',
  ),
  forbid(
    'backslash path traversal',
    async () => (await fetch('app://studio/..\\..\\package.json')).status,
    '404',
  ),
  forbid('absolute path', async () => (await fetch('app://studio//etc/passwd')).status, '404'),
  forbid('another host of the scheme', () => fetch('app://elsewhere/index.html'), 'threw TypeError'),
  forbid(
    'writing to the scheme',
    async () => (await fetch('/index.html', { method: 'POST', body: 'x' })).status,
    '405',
  ),
]

const permissions: Forbidden[] = [
  forbid(
    'geolocation',
    () =>
      new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(resolve, (error) => resolve(error.code)),
      ),
    '1',
  ),
  forbid('notifications', () => Notification.requestPermission(), 'denied'),
  forbid('camera', () => navigator.mediaDevices.getUserMedia({ video: true }), 'threw NotAllowedError'),
  forbid('microphone', () => navigator.mediaDevices.getUserMedia({ audio: true }), 'threw NotAllowedError'),
  forbid('MIDI', () => navigator.requestMIDIAccess(), 'threw NotAllowedError'),
  forbid('reading the clipboard', () => navigator.clipboard.readText(), 'threw NotAllowedError'),
  forbid('keeping the screen on', () => navigator.wakeLock.request('screen'), 'threw NotAllowedError'),
  forbid('persistent storage', () => navigator.storage.persist(), 'false'),
  forbid(
    'what permissions are granted',
    async () => {
      const names = ['geolocation', 'camera', 'microphone', 'midi', 'notifications', 'clipboard-read']
      const states = await Promise.all(
        names.map((name) => navigator.permissions.query({ name: name as PermissionName })),
      )
      return [...new Set(states.map(({ state }) => state))].join()
    },
    'denied',
  ),
]

const bridge: Forbidden[] = [
  forbid('more than the contract', () => Object.keys(window.studio).sort().join(), 'on,pathOf,request'),
  forbid(
    'replacing the bridge',
    () => {
      const { request } = window.studio
      for (const target of [window, window.studio]) {
        try {
          Object.assign(target, { request: () => 'mine', studio: { request: () => 'mine' } })
        } catch {
          // Frozen: just as well.
        }
      }
      return window.studio.request === request
    },
    'true',
  ),
  forbid(
    'code through a constructor of the bridge',
    () => (window.studio.request.constructor as FunctionConstructor)('return process')(),
    'threw EvalError',
  ),
  forbid(
    'spying on the preload through prototypes',
    async () => {
      const { then } = Promise.prototype
      const seen: unknown[] = []
      Promise.prototype.then = function (this: Promise<unknown>, ...handlers) {
        seen.push(this, ...handlers)
        return then.apply(this, handlers) as never
      }
      Object.defineProperty(Object.prototype, 'invoke', {
        configurable: true,
        get: () => seen.push('invoke'),
      })
      await window.studio.request('no.route', {}, 'spy')
      Promise.prototype.then = then
      Reflect.deleteProperty(Object.prototype, 'invoke')
      return seen.includes('invoke')
    },
    'false',
  ),
]

/** A request over the bridge and the code of its failure. */
const refuse = (name: string, route: string, input: string, failure = 'BAD_INPUT'): Forbidden =>
  forbid(
    name,
    new Function(
      `return async () => (await window.studio.request(${JSON.stringify(route)}, ${input}, crypto.randomUUID())).error.code`,
    )() as Attempt,
    failure,
  )

const requests: Forbidden[] = [
  refuse('unknown route', 'fs.readFile', `{ path: '/etc/passwd' }`),
  refuse('inherited route', 'constructor', '{}'),
  refuse('prototype as a route', '__proto__', '{}'),
  refuse('no input', 'picture.info', 'undefined'),
  refuse('input of the wrong type', 'picture.info', '{ path: 7 }'),
  refuse('input out of range', 'picture.preview', `{ picture: { path: 'x' }, width: 8, height: 1e9 }`),
  refuse('too much input', 'library.import', `{ paths: new Array(5000).fill('x') }`),
  refuse('input that cannot be cloned', 'picture.info', '{ path: () => 1 }'),
  refuse('preferences of the wrong type', 'app.setPreferences', `{ theme: 'javascript' }`),
  refuse(
    'writing where nobody led',
    'output.open',
    `{ path: '/tmp/slerp-studio-forbidden', overwrite: true }`,
    'UNWRITABLE',
  ),
  refuse(
    'exporting where nobody led',
    'animation.export',
    `{ model: { path: 'm' }, plan: { kind: 'list', latents: [{ kind: 'seed', seed: 0 }] }, decode: {}, target: { path: '/tmp/slerp-studio-forbidden', format: 'gif' } }`,
    'UNWRITABLE',
  ),
  refuse(
    'writing to a file of someone else',
    'output.write',
    `{ id: '1', position: 0, bytes: new Uint8Array(1) }`,
  ),
  forbid(
    'a request without an id',
    async () => (await window.studio.request('app.state', {}, '')).ok,
    'false',
  ),
]

/** Everything that a page of the app must fail to do. */
export const forbidden: readonly Forbidden[] = [
  ...node,
  ...code,
  ...network,
  ...navigation,
  ...files,
  ...permissions,
  ...bridge,
  ...requests,
]
