"""What a page in a browser lacks for readers who use a screen reader, the keyboard alone, or see little contrast."""

from __future__ import annotations

_LOOK = """(() => {
  const found = [];
  const all = (what) => [...document.querySelectorAll(what)];
  const text = (node) => node.textContent.trim();
  const name = (node) => `${node.tagName}.${node.className} ${text(node).slice(0, 30)} ${node.getAttribute('href') ?? ''}`;
  if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) found.push('the page does not say its language');
  if (!document.title.trim()) found.push('no title');
  if (all('main').length !== 1) found.push(`${all('main').length} main landmarks`);
  if (all('nav').length && all('nav').some((each) => !each.getAttribute('aria-label'))) found.push('a menu without a name');
  if (all('h1').length !== 1) found.push(`${all('h1').length} headings of the first level`);
  let level = 0;
  for (const head of all('h1, h2, h3, h4, h5, h6')) {
    if (+head.tagName[1] > level + 1) found.push(`a level left out before ${name(head)}`);
    level = +head.tagName[1];
  }
  for (const picture of all('img')) if (!picture.alt.trim()) found.push('a picture without a text');
  for (const field of all('input, select')) if (!field.labels.length || !text(field.labels[0])) found.push(`no label: ${name(field)}`);
  for (const link of all('a[href], button')) if (!text(link) && !link.ariaLabel) found.push(`nothing to read: ${name(link)}`);
  for (const head of all('table.sortable thead th'))
    if (!head.querySelector('button') || head.scope !== 'col') found.push(`cannot be sorted: ${name(head)}`);
  const ids = all('[id]').map((node) => node.id);
  if (new Set(ids).size < ids.length) found.push('two elements with one id');

  const rgba = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => { const v = each / 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (node) => (node ? over(rgba(getComputedStyle(node).backgroundColor), behind(node.parentElement)) : [255, 255, 255]);
  const faded = (node) => (node ? getComputedStyle(node).opacity * faded(node.parentElement) : 1);
  const seen = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || seen.has(node) || !node.checkVisibility()) continue;
    if (/^(SCRIPT|STYLE|OPTION)$/.test(node.tagName) || node.disabled) continue;
    seen.add(node);
    const ground = behind(node), [r, g, b, a] = rgba(getComputedStyle(node).color);
    const [one, other] = [light(over([r, g, b, a * faded(node)], ground)), light(ground)].sort((x, y) => y - x);
    const contrast = (one + .05) / (other + .05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ${name(node)}`);
  }
  return [...new Set(found)];
})()"""


def lacks(page: object) -> list[str]:
    """What the page that a `browser.Browser` has open lacks; nothing where all is well."""
    return page.evaluate(_LOOK)
