import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import MarkdownIt from 'markdown-it'
import { shippedComponents } from '../package/components.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const target = join(root, 'out/manual')

/** The manual's chapters in `docs`, in order. All go on one page: the app's windows do not follow links. */
const chapters = ['manual', 'models', 'gpu', 'results', 'latent-file', 'security']

const markdown = new MarkdownIt({ html: false, linkify: false })
const escapeHtml = markdown.utils.escapeHtml
const slug = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/** Writes the pages of Help: the manual, and the licences of everything that is shipped. */
export function writeManual() {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(join(target, 'pictures'), { recursive: true })
  cpSync(join(root, 'tools/manual/manual.css'), join(target, 'manual.css'))
  const present = chapters.filter((name) => existsSync(join(root, 'docs', `${name}.md`)))
  const rendered = present.map(renderChapter)
  const contents = rendered.map(
    ({ id, title, parts }) => link(id, title) + list(parts.map((part) => link(part.id, part.title))),
  )
  write('manual', 'Slerp Studio Manual', contents, rendered.map(({ html }) => html).join('\n'))
  const components = shippedComponents()
  const licences = components.map(
    ({ name, version, licence, text }) =>
      `<section id="${slug(name)}"><h2>${escapeHtml(name)} ${escapeHtml(version)}</h2><p>${escapeHtml(licence)}</p><pre>${escapeHtml(text)}</pre></section>`,
  )
  const names = components.map(
    ({ name, licence }) => `${link(slug(name), name)} <small>${escapeHtml(licence)}</small>`,
  )
  write(
    'licences',
    'Licences',
    names,
    `<h1>Licences of everything in Slerp Studio</h1><p>Slerp Studio itself is under the MIT licence.</p>${licences.join('\n')}`,
  )
}

const link = (id, title) => `<a href="#${id}">${escapeHtml(title)}</a>`
const list = (items) =>
  items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`

function write(name, title, contents, body) {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>${title}</title>
<link rel="stylesheet" href="manual.css" />
<nav aria-label="Contents">${list(contents)}</nav>
<main>${body}</main>
</html>
`
  writeFileSync(join(target, `${name}.html`), page)
}

/** Renders a file of `docs` as a part of the page, with an id on each heading. */
function renderChapter(name) {
  const tokens = markdown.parse(readFileSync(join(root, 'docs', `${name}.md`), 'utf8'), {})
  const parts = []
  let title = name
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const text = tokens[at + 1].content.replace(/[`*_]/g, '')
      const id = token.tag === 'h1' ? name : `${name}-${slug(text)}`
      token.attrSet('id', id)
      if (token.tag === 'h1') title = text
      if (token.tag === 'h2') parts.push({ id, title: text })
    }
    // The content security policy of the app's pages refuses inline styles.
    const style = token.attrGet('style')
    if (style !== null) {
      token.attrs = token.attrs.filter(([key]) => key !== 'style')
      token.attrJoin('class', style.replace('text-align:', 'to-'))
    }
    token.children?.forEach((child) => adapt(child))
  }
  return {
    id: name,
    title,
    parts,
    html: `<section>${markdown.renderer.render(tokens, markdown.options, {})}</section>`,
  }
}

/** Copies pictures, and points links at chapters of this page; external links become plain addresses. */
function adapt(token) {
  if (token.type === 'image') {
    const file = basename(token.attrGet('src'))
    const source = ['docs/screenshots', 'docs']
      .map((folder) => join(root, folder, file))
      .find((path) => existsSync(path))
    if (source) cpSync(source, join(target, 'pictures', file))
    token.attrSet('src', `pictures/${file}`)
  }
  if (token.type !== 'link_open') return
  const href = token.attrGet('href')
  const chapter = /^(?:\.\/)?([\w-]+)\.md(?:#(.+))?$/.exec(href)
  if (chapter && chapters.includes(chapter[1]))
    token.attrSet('href', `#${chapter[2] ? `${chapter[1]}-${chapter[2]}` : chapter[1]}`)
  else if (!href.startsWith('#')) {
    token.attrs = token.attrs.filter(([key]) => key !== 'href')
    token.attrSet('title', href)
  }
}
