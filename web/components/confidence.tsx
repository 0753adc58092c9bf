import { useTranslation } from 'react-i18next';
import { formatShare } from '../../src/sentences/format-share.ts';
import classes from './confidence.module.css';

/** A calibrated probability, or how alike two texts are, as a number and a bar. */
export function Confidence({ value, kind = 'confidence' }: { value: number; kind?: 'confidence' | 'similarity' }) {
  const { t, i18n } = useTranslation();
  const text = formatShare(value, i18n.language);
  return (
    <span className={classes.confidence} title={t(`ticket.${kind}`, { share: text })}>
      <span className={classes.bar} aria-hidden="true">
        <span className={classes.filled} style={{ inlineSize: `${Math.round(value * 100)}%` }} />
      </span>
      <span className={classes.share}>{text}</span>
    </span>
  );
}
