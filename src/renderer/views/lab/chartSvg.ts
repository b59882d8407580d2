/**
 * The CSS properties that determine the look of a chart. The other styles of the window have no effect in a
 * file.
 */
const properties = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'text-anchor',
  'dominant-baseline',
] as const

const namespace = 'http://www.w3.org/2000/svg'

/**
 * Turns a chart into a self-contained file, with a title, its visible background, and styles on every element.
 */
export function chartSvg(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const [shown, copied] = [svg, copy].map((one) => [...one.querySelectorAll<SVGElement>('*')])
  for (const [at, element] of copied.entries()) {
    const style = getComputedStyle(shown[at])
    for (const name of properties) element.setAttribute(name, style.getPropertyValue(name))
    for (const { name } of [...element.attributes]) {
      if (name === 'class' || name === 'style' || name.startsWith('data-')) element.removeAttribute(name)
    }
  }
  const [width, height] = [svg.clientWidth, svg.clientHeight]
  copy.setAttribute('xmlns', namespace)
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`)
  copy.removeAttribute('aria-hidden')
  const ground = document.createElementNS(namespace, 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(svg.closest('.chart') ?? svg).backgroundColor)
  const name = document.createElementNS(namespace, 'title')
  name.textContent = title
  copy.prepend(name, ground)
  for (const { name: attribute } of [...copy.attributes]) {
    if (attribute.startsWith('data-')) copy.removeAttribute(attribute)
  }
  return new XMLSerializer().serializeToString(copy)
}
