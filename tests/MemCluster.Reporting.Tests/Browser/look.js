// Looks at the page as it is laid out now and answers with what is wrong, a line for each fault; runs in the page, sees what a reader would see.
(() => {
  const wrong = [];
  const say = (what, element, more) => wrong.push(`${what}: "${(element.textContent || '').trim().slice(0, 60)}" ${more || ''}`);
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth} px`);

  // Lines of text with their places: of HTML by line box, of figures by element.
  const lines = [];
  // What scrolls shows a part of itself; the rest is neither cut off nor in anyone's way.
  const shown = (box, node) => {
    let { left, right, top, bottom } = box;
    for (let at = node.parentElement; at !== document.body; at = at.parentElement) {
      if (at.namespaceURI.endsWith('svg') || getComputedStyle(at).overflowX !== 'auto') continue;
      const frame = at.getBoundingClientRect();
      [left, right, top, bottom] = [Math.max(left, frame.left), Math.min(right, frame.right), Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
    }
    return { left, right, top, bottom, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('svg') || !parent.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const box = shown(whole, node);
      if (box.width < 1) continue;
      lines.push({ box, owner: parent, block: node });
      if (box.right > innerWidth + .5 || box.left < -.5) say('cut off at the edge of the window', parent, `${box.left.toFixed(0)} to ${box.right.toFixed(0)} px`);
    }
  }
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      const seen = shown(box, text);
      if (seen.width >= 1) lines.push({ box: seen, owner: text, block: text });
      if (box.left < frame.left - .5 || box.right > frame.right + .5 || box.top < frame.top - .5 || box.bottom > frame.bottom + .5) {
        say('cut off at the edge of its figure', text, `in ${svg.querySelector('title').textContent}`);
      }
      // Not smaller than a footnote in a paper; on a phone one may come nearer, but not by more than so much.
      const size = parseFloat(text.getAttribute('font-size')) * frame.width / svg.viewBox.baseVal.width;
      if (size < MINIMUM) say('too small', text, `${size.toFixed(1)} px in ${svg.querySelector('title').textContent}`);
    }
  }

  // A box is higher than its letters; what lies over another by less than that touches nothing.
  const core = box => ({ left: box.left + .5, right: box.right - .5, top: box.top + box.height * .2, bottom: box.bottom - box.height * .2 });
  const placed = lines.map(line => ({ ...line, core: core(line.box) })).sort((a, b) => a.core.top - b.core.top);
  for (let i = 0; i < placed.length; i++) {
    for (let j = i + 1; j < placed.length && placed[j].core.top < placed[i].core.bottom; j++) {
      const [a, b] = [placed[i], placed[j]];
      if (a.block !== b.block && a.core.left < b.core.right && b.core.left < a.core.right) say('overlaps', a.owner, `and "${b.owner.textContent.trim().slice(0, 60)}"`);
    }
  }

  // A value that leaves its own cell.
  for (const cell of document.querySelectorAll('td,th,pre,dd')) {
    if (cell.checkVisibility() && cell.clientWidth && cell.scrollWidth > cell.clientWidth + 1) say('wider than its cell', cell);
  }

  // Contrast of WCAG 2: 4.5 for text, 3 for text of 24 px or bold of 18.7 px.
  const parse = css => (css.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  const over = (top, alpha, under) => top.slice(0, 3).map((c, i) => c * alpha + under[i] * (1 - alpha));
  const light = colour => { const [r, g, b] = colour.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = element => {
    const stack = [];
    for (let at = element; at; at = at.parentElement) stack.unshift(parse(getComputedStyle(at).backgroundColor));
    return stack.reduce((under, colour) => over(colour, colour.length > 3 ? colour[3] : 1, under), [255, 255, 255]);
  };
  const backs = new Map();
  const seen = new Set();
  for (const line of lines) {
    const style = getComputedStyle(line.owner);
    const figure = line.owner.closest('svg');
    const key = figure || line.owner;
    if (!backs.has(key)) backs.set(key, behind(figure ? figure.parentElement : line.owner));
    let back = backs.get(key);
    if (figure) {
      const [x, y] = [line.box.left + line.box.width / 2, line.box.top + line.box.height / 2];
      const point = new DOMPoint(x, y).matrixTransform(figure.getScreenCTM().inverse());
      for (const shape of figure.querySelectorAll('path')) {
        if (shape.compareDocumentPosition(line.owner) & Node.DOCUMENT_POSITION_FOLLOWING && getComputedStyle(shape).fill !== 'none' && shape.isPointInFill(point)) {
          back = over(parse(getComputedStyle(shape).fill), parseFloat(getComputedStyle(shape).fillOpacity), back);
        }
      }
    }
    const [a, b] = [light(parse(figure ? style.fill : style.color).slice(0, 3)), light(back)].sort((p, q) => q - p);
    const contrast = (a + .05) / (b + .05);
    const size = parseFloat(figure ? line.owner.getAttribute('font-size') : style.fontSize);
    const enough = size >= 24 || size >= 18.6 && style.fontWeight >= 600 ? 3 : 4.5;
    const name = `${style.color}${style.fill}${back}`;
    if (contrast < enough && !seen.has(name)) { seen.add(name); say('too faint', line.owner, `contrast ${contrast.toFixed(2)}`); }
  }

  // On paper nothing scrolls, and a figure higher than a page would be cut.
  if (matchMedia('print').matches) {
    for (const part of document.querySelectorAll('main *')) {
      if (part.clientWidth && part.scrollWidth > part.clientWidth + 1 && !part.closest('svg')) say('wider than the paper', part);
    }
    for (const svg of document.querySelectorAll('svg')) {
      if (svg.getBoundingClientRect().height > 900) say('higher than a page', svg.querySelector('title'));
    }
  }
  return wrong.join('\n');
})()
