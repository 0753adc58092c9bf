// What a mail program does not show, by the styles that senders hide text with.

export type HiddenRules = {
  /** True for an element that is not shown, with all that is in it. */
  hides(element: { readonly name: string; readonly attributes: Readonly<Record<string, string>> }): boolean;
};

const MAX_STYLE_LENGTH = 50_000;
const MAX_SELECTORS = 500;

/** Reads the `<style>` sheets of a mail: rules for a tag, a class or an id. Rules for some screens only are left out. */
export function createHiddenRules(sheets: readonly string[]): HiddenRules {
  const selectors = new Set<string>();
  for (const sheet of sheets) addHidingSelectors(sheet.slice(0, MAX_STYLE_LENGTH), selectors);
  return {
    hides({ name, attributes }) {
      if (attributes.hidden !== undefined || attributes.type === 'hidden') return true;
      if (attributes.style !== undefined && hidesByStyle(attributes.style)) return true;
      if (selectors.size === 0) return false;
      const classes = (attributes.class ?? '').toLowerCase().split(/\s+/).slice(0, 20);
      const simple = [...classes.map((one) => `.${one}`), `#${(attributes.id ?? '').toLowerCase()}`];
      return [name, ...simple, ...simple.map((one) => name + one)].some((selector) => selectors.has(selector));
    },
  };
}

function addHidingSelectors(sheet: string, selectors: Set<string>): void {
  const text = sheet.replace(/\/\*[^*]{0,5000}\*\//g, ' ');
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length && selectors.size < MAX_SELECTORS; at += 1) {
    if (text[at] === '{') {
      const selector = text.slice(start, at).trim();
      // `@media … {` holds rules of its own; what they hide depends on the screen.
      if (depth === 0 && !selector.startsWith('@')) {
        const end = text.indexOf('}', at);
        const rules = text.slice(at + 1, end === -1 ? text.length : end);
        if (hidesByStyle(rules)) for (const one of selector.split(',')) selectors.add(one.trim().toLowerCase());
        at = end === -1 ? text.length : end;
        start = at + 1;
        continue;
      }
      depth += 1;
      start = at + 1;
    } else if (text[at] === '}') {
      depth = Math.max(0, depth - 1);
      start = at + 1;
    }
  }
}

const zero = (value: string | undefined): boolean =>
  value !== undefined && /^0(?:\.0{1,5})?(?:px|pt|em|rem|%)?$/.test(value);

/** One pixel is what senders write where they mean zero. */
const tiny = (value: string | undefined): boolean =>
  zero(value) || (value !== undefined && /^(?:1|0?\.\d{1,5})(?:px|pt)$/.test(value.replace(/^0(?=\.)/, '')));

const isFarAway = (value: string | undefined): boolean =>
  value !== undefined && /^-\d{3,6}(?:\.\d{1,5})?(?:px|pt|em|rem|%)?$/.test(value);

function hidesByStyle(style: string): boolean {
  const values = new Map<string, string>();
  for (const declaration of style.slice(0, 5_000).split(';').slice(0, 100)) {
    const colon = declaration.indexOf(':');
    if (colon === -1) continue;
    const value = declaration.slice(colon + 1).replace(/!\s{0,5}important/i, '');
    values.set(declaration.slice(0, colon).trim().toLowerCase(), value.trim().toLowerCase());
  }
  const clips = values.get('overflow') === 'hidden';
  return (
    values.get('display') === 'none' ||
    values.get('visibility') === 'hidden' ||
    values.get('visibility') === 'collapse' ||
    values.get('mso-hide') === 'all' ||
    values.get('color') === 'transparent' ||
    zero(values.get('opacity')) ||
    tiny(values.get('font-size')) ||
    /^0(?:px|pt)?(?:\s|\/|$)/.test(values.get('font') ?? '') ||
    isFarAway(values.get('text-indent')) ||
    (values.has('position') && (isFarAway(values.get('left')) || isFarAway(values.get('top')))) ||
    /^rect\(\s{0,5}0/.test(values.get('clip') ?? '') ||
    /scale\(\s{0,5}0\s{0,5}\)/.test(values.get('transform') ?? '') ||
    (clips && (zero(values.get('max-height')) || zero(values.get('height')) || zero(values.get('width'))))
  );
}
