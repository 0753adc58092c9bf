/** The beginning of a step on the axis of a chart. Days are those of UTC, as the server counts them. */
export function formatStep(start: string, { step, range }: { step: 'hour' | 'day'; range: string }, language: string) {
  const moment = new Date(start);
  if (step === 'day') return moment.toLocaleDateString(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return moment.toLocaleString(language, { hour: 'numeric', ...(range !== 'day' && { weekday: 'short' }) });
}
