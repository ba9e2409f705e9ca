/**
 * Runs in the window: what cannot be read there as it is laid out now. It knows no styles and no components, only what is on the screen:
 *
 *     name      |2,307,4|45     cut: a figure reaches beyond what its place shows
 *     1.2 GiB / 3.4 GiB         broken: a figure that continues on the next line
 *
 * What can be scrolled to counts as shown.
 */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Piece {
  node: Text;
  element: Element;
  text: string;
  /** What is seen of each line, after all clipping. */
  seen: Box[];
}

const SLACK_PX = 1;
/** A number with its sign and unit, standing alone: not part of a name, a path or an address. */
const FIGURE =
  /(?<![^\s(·])[≈≥~±+−-]{0,2}\d[\d.,:]*(?:[\s\u00a0]?(?:[KMGT]iB|B|%|ms|µs|s|min|h|×)(?:\/min)?(?![\p{L}]))?(?![^\s)·,.;:%×、。，；：）])/gu;
const CONTROLS = 'button, input, select, textarea, a[href], [role=tab], [role=radio], [role=checkbox], [role=slider], [role=combobox]';
/** Drawn by others, or not meant to be seen. */
const NOT_OURS = '.xterm, .visually-hidden, script, style, title, option';

function intersect(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

const isThere = (box: Box): boolean => box.right - box.left > SLACK_PX && box.bottom - box.top > SLACK_PX;
const within = (box: Box, place: Box): boolean =>
  box.left >= place.left - SLACK_PX &&
  box.right <= place.right + SLACK_PX &&
  box.top >= place.top - SLACK_PX * 3 &&
  box.bottom <= place.bottom + SLACK_PX * 3;

/** Where an element ends what does not fit with an ellipsis, that does not reach into its padding. */
function shownBox(element: Element, { textOverflow, paddingLeft, paddingRight }: CSSStyleDeclaration): Box {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  if (textOverflow !== 'ellipsis') return { left, top, right, bottom };
  return { left: left + parseFloat(paddingLeft), top, right: right - parseFloat(paddingRight), bottom };
}

/** The boxes around an element that clip it, innermost first; `fixed` boxes are clipped by the viewport alone. */
function* clipping(element: Element): Generator<{ box: Box; scrollsX: boolean; scrollsY: boolean; clipsX: boolean; clipsY: boolean }> {
  let lifted = false;
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    const scrolls = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll';
    if (!lifted || style.position !== 'static') {
      lifted = false;
      const clipsX = style.overflowX !== 'visible';
      const clipsY = style.overflowY !== 'visible';
      if (clipsX || clipsY) {
        const box = shownBox(at, style);
        yield { box, clipsX, clipsY, scrollsX: scrolls(style.overflowX), scrollsY: scrolls(style.overflowY) };
      }
    }
    if (style.position === 'fixed') return;
    if (style.position === 'absolute') lifted = true;
  }
}

/** What the element's place shows of it: `seen` at the moment, `kept` if everything is scrolled as far as needed. */
function places(element: Element): { seen: Box; kept: Box } {
  const all = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  let [seen, kept, freeX, freeY]: [Box, Box, boolean, boolean] = [all, all, false, false];
  const whole = {
    box: { left: 0, top: 0, right: innerWidth, bottom: innerHeight },
    clipsX: true,
    clipsY: true,
    scrollsX: false,
    scrollsY: false,
  };
  for (const { box, clipsX, clipsY, scrollsX, scrollsY } of [...clipping(element), whole]) {
    const x = clipsX ? { left: box.left, right: box.right } : { left: -Infinity, right: Infinity };
    const y = clipsY ? { top: box.top, bottom: box.bottom } : { top: -Infinity, bottom: Infinity };
    seen = intersect(seen, { ...x, ...y });
    freeX ||= scrollsX;
    freeY ||= scrollsY;
    kept = intersect(kept, { ...all, ...(freeX ? {} : x), ...(freeY ? {} : y) });
  }
  return { seen, kept };
}

const isShown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

function pieces(): Piece[] {
  const found: Piece[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || node.data.trim() === '' || element.closest(NOT_OURS) || !isShown(element)) continue;
    const { seen } = places(element);
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].map((line) => intersect(line, seen)).filter(isThere);
    found.push({ node, element, text: node.data.trim(), seen: lines });
  }
  return found;
}

function* figures({ node }: Piece): Generator<{ figure: string; lines: DOMRect[] }> {
  for (const match of node.data.matchAll(FIGURE)) {
    const range = document.createRange();
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].length);
    yield { figure: match[0], lines: [...range.getClientRects()].filter(isThere) };
  }
}

function where(element: Element): string {
  const named: string[] = [];
  for (let at: Element | null = element; at !== null && named.length < 4; at = at.parentElement) {
    const name = at.getAttribute('role') ?? at.tagName.toLowerCase();
    const label = at.getAttribute('aria-label');
    if (label !== null || at.className !== '' || named.length === 0)
      named.unshift(label === null ? `${name}.${at.getAttribute('class') ?? ''}` : `${name} “${label}”`);
  }
  return named.join(' > ');
}

function brokenOrCut(piece: Piece): string[] {
  const { kept } = places(piece.element);
  return [...figures(piece)].flatMap(({ figure, lines }) => {
    const at = `“${figure}” in “${piece.text}” (${where(piece.element)})`;
    if (lines.some((line) => Math.abs(line.top - (lines[0]?.top ?? 0)) > 4)) return [`broken: ${at}`];
    const isCut = lines.some((line) => isThere(intersect(line, kept)) && !within(line, kept));
    return isCut ? [`cut: ${at}`] : [];
  });
}

function controlsCut(): string[] {
  return [...document.querySelectorAll(CONTROLS)].flatMap((control) => {
    if (control.closest(NOT_OURS) || !isShown(control)) return [];
    const box = control.getBoundingClientRect();
    return isThere(box) && control.parentElement !== null && !within(box, places(control.parentElement).kept)
      ? [`out of reach: ${control.textContent.trim()} (${where(control)})`]
      : [];
  });
}

const opaque = (element: Element): boolean => {
  const { backgroundColor } = getComputedStyle(element);
  return backgroundColor.startsWith('rgb(') || / 1\)$/.test(backgroundColor);
};

/** Which of two texts at a point is above, and whether something opaque lies between: then the lower one is covered, not overlapped. */
function coveredAt(x: number, y: number, one: Element, other: Element): boolean {
  const stack = document.elementsFromPoint(x, y);
  const [top, bottom] = [stack.indexOf(one), stack.indexOf(other)].toSorted((a, b) => a - b) as [number, number];
  return top < 0 || stack.slice(top, bottom).some((element) => opaque(element) && !element.contains(stack[bottom] ?? null));
}

function overlaps(all: Piece[]): string[] {
  const lines = all.flatMap((piece) => piece.seen.map((box) => ({ piece, box }))).toSorted((a, b) => a.box.top - b.box.top);
  return lines.flatMap(({ piece, box }, at) => {
    const faults: string[] = [];
    for (let next = at + 1; next < lines.length && (lines[next]?.box.top ?? 0) < box.bottom; next += 1) {
      const other = lines[next];
      if (other === undefined || other.piece.element.contains(piece.element) || piece.element.contains(other.piece.element)) continue;
      const both = intersect(box, other.box);
      if (both.right - both.left < 2 || both.bottom - both.top < 3) continue;
      if (coveredAt((both.left + both.right) / 2, (both.top + both.bottom) / 2, piece.element, other.piece.element)) continue;
      faults.push(`overlap: “${piece.text}” and “${other.piece.text}” (${where(piece.element)}; ${where(other.piece.element)})`);
    }
    return faults;
  });
}

/** A message for a moment must not lie on what can be pressed. */
function coveredControls(): string[] {
  return [...document.querySelectorAll('[role=log] > *')].flatMap((toast) => {
    const box = toast.getBoundingClientRect();
    return [...document.querySelectorAll(CONTROLS), ...document.querySelectorAll('.xterm-screen, aside')]
      .filter((control) => !toast.contains(control) && isShown(control) && control.closest('[role=dialog]') === null)
      .filter((control) => isThere(intersect(intersect(control.getBoundingClientRect(), places(control).seen), box)))
      .map((control) => `covered by a message: ${where(control)}`);
  });
}

/** Every fault of the window's layout, worded. */
export function faults(): string[] {
  const all = pieces();
  const style = document.createElement('style');
  style.textContent = '* { pointer-events: auto !important }';
  document.head.append(style);
  try {
    return [...new Set([...all.flatMap(brokenOrCut), ...controlsCut(), ...overlaps(all), ...coveredControls()])];
  } finally {
    style.remove();
  }
}
