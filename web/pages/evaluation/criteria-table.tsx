import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Saying } from '../../components/saying.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Run } from '../../data/api-types.ts';
import classes from './criteria-table.module.css';
import { formatEnds, formatValue } from './figures.ts';
import { useCriterionMeasure, useCriterionTitle } from './use-criterion-title.ts';

type Score = NonNullable<Run['score']>;
type Criterion = Score['criteria'][number];

const tones = { passed: 'good', missed: 'bad', 'not-measured': 'quiet' } as const;

/** Each criterion with its value, its 95 % interval and its target, and what was found. */
export function CriteriaTable({ score, scales }: { score: Score; scales: Run['scales'] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('evaluation.criteria')}>
      <Title order={2} size="h5" mb="xs">
        {t('evaluation.criteria')}
      </Title>
      <ul className={`plain ${classes.criteria}`}>
        {score.criteria.map((criterion) => (
          <CriterionRow key={criterion.id} criterion={criterion} scale={scales[criterion.id]} />
        ))}
      </ul>
    </section>
  );
}

function CriterionRow({ criterion, scale }: { criterion: Criterion; scale: Run['scales'][string] | undefined }) {
  const { t, i18n } = useTranslation();
  const titleOf = useCriterionTitle();
  const measureOf = useCriterionMeasure();
  const { id, status, certain, required, value, low, high, target, n, why, whyFacts } = criterion;
  const written = { scale, language: i18n.language, t };
  const show = (figure: number) => formatValue(figure, written);
  return (
    <li className={classes.criterion}>
      <div className={classes.name}>
        <Text fw={600} size="sm">
          {titleOf(id)}
        </Text>
        <StatusBadge tone={tones[status]}>
          {status === 'passed' && !certain ? t('evaluation.uncertain') : t(`criterionStatus.${status}`)}
        </StatusBadge>
        {!required && (
          <Text size="xs" c="dimmed">
            {t('evaluation.optional')}
          </Text>
        )}
        <Text size="xs" c="dimmed" className={classes.measure}>
          {measureOf(id)}
        </Text>
      </div>
      <div className={classes.value}>
        <Text fw={700}>{value === null ? '–' : show(value)}</Text>
        <Text size="xs" c="dimmed">
          {low !== null && high !== null && <>{formatEnds({ low, high }, written)} · </>}
          {t(scale?.better === 'lower' ? 'evaluation.atMost' : 'evaluation.atLeast', { target: show(target) })}
          {n > 0 && <> · n = {new Intl.NumberFormat(i18n.language).format(n)}</>}
        </Text>
        <IntervalBar criterion={criterion} scale={scale} />
      </div>
      <Text size="sm" className={classes.why}>
        <Saying text={why} facts={whyFacts} />
      </Text>
    </li>
  );
}

/** The interval and the target on one line, for shares; other units have no common end. */
function IntervalBar({ criterion, scale }: { criterion: Criterion; scale: Run['scales'][string] | undefined }) {
  const { value, low, high, target } = criterion;
  if (scale?.unit !== 'share' || value === null || low === null || high === null || target > 1) return null;
  const at = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div className={classes.bar} aria-hidden="true">
      <span
        className={classes.interval}
        style={{ insetInlineStart: at(low), inlineSize: `calc(${at(high)} - ${at(low)})` }}
      />
      <span className={classes.point} style={{ insetInlineStart: at(value) }} />
      <span className={classes.target} style={{ insetInlineStart: at(target) }} />
    </div>
  );
}
