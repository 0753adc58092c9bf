import { useTranslation } from 'react-i18next';
import type en from '../../texts/en.ts';

/** Returns a function that says what the value of a criterion is; null for one of another version. */
export function useCriterionMeasure(): (id: string) => string | null {
  const { t } = useTranslation();
  return (id) => t(`criterionMeasures.${id as keyof typeof en.criterionMeasures}`, { defaultValue: '' }) || null;
}

/** Returns a function that names a criterion; one of another version by its id. */
export function useCriterionTitle(): (id: string) => string {
  const { t } = useTranslation();
  return (id) => t(`criterion.${id as keyof typeof en.criterion}`, { defaultValue: id });
}
