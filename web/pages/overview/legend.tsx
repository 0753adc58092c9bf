import classes from './overview.module.css';

/** What the colours of a chart mean; as many lines as it needs. */
export function Legend({ series }: { series: readonly { name: string; label: string; color: string }[] }) {
  return (
    <div className={classes.legend}>
      {series.map(({ name, label, color }) => (
        <span key={name}>
          <span className={classes.dot} style={{ background: `var(--mantine-color-${color.replace('.', '-')})` }} />
          {label}
        </span>
      ))}
    </div>
  );
}
