/** Markup that is already escaped and safe to put into a page. */
export type Html = { readonly markup: string };
type Value = Html | string | number | null | readonly (Html | string)[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

/** Escapes every value that is not markup itself, so that ticket text cannot become markup of the page. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: strings.reduce((text, part, i) => text + markupOf(values[i - 1] ?? '') + part) };
}

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  if ('markup' in value) return value.markup;
  return value.map(markupOf).join('');
}

/** A coordinate rounded to a tenth of a pixel: precise enough to look at, and it halves the size of the page. */
export const px = (value: number): string => String(Number(value.toFixed(1)));
