/** `0.918` as `91 %`, as the language writes it: rounded down, as in the reasons that the server writes. */
export function formatShare(value: number, language: string, { maximumFractionDigits = 0 } = {}): string {
  const format = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits, roundingMode: 'floor' });
  return format.format(value);
}
