// The Prometheus text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
// Written here because only three kinds of metric are used, and the usual library had had no release for two years.

export type Labels = Readonly<Record<string, string>>;
export type Sample = { readonly labels?: Labels; readonly value: number };
export type Metric = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
};

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function formatMetric({ name, help, type, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${formatLabels(labels)} ${value}`);
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function formatLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

/**
 * Counts values in cumulative buckets (each counts all values up to its bound), in one series for each set of labels.
 */
export type Histogram = {
  observe(labels: Labels, value: number): void;
  format(): string;
};

export function createHistogram(options: { name: string; help: string; buckets: readonly number[] }): Histogram {
  const { name, help, buckets } = options;
  const seriesByKey = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();

  return {
    observe: (labels, value) => {
      const key = JSON.stringify(labels);
      const series = seriesByKey.get(key) ?? { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
      seriesByKey.set(key, series);
      series.sum += value;
      series.count += 1;
      buckets.forEach((bound, index) => {
        if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1;
      });
    },
    format: () => {
      const lines = [...seriesByKey.values()].flatMap(({ labels, counts, sum, count }) => [
        ...buckets.map(
          (bound, index) => `${name}_bucket${formatLabels({ ...labels, le: `${bound}` })} ${counts[index]}`,
        ),
        `${name}_bucket${formatLabels({ ...labels, le: '+Inf' })} ${count}`,
        `${name}_sum${formatLabels(labels)} ${sum}`,
        `${name}_count${formatLabels(labels)} ${count}`,
      ]);
      return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} histogram\n${lines.map((line) => `${line}\n`).join('')}`;
    },
  };
}
