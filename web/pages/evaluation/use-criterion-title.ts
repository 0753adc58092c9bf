import { useTranslation } from 'react-i18next';
import type en from '../../texts/en.ts';

/** Returns a function that names a criterion; one of another version by its id. */
export function useCriterionTitle(): (id: string) => string {
  const { t } = useTranslation();
  return (id) => t(`criterion.${id as keyof typeof en.criterion}`, { defaultValue: id });
}
