import { useTranslation } from 'react-i18next';

const ids = [
  'routing-accuracy',
  'consistency',
  'adaptation',
  'multilingual',
  'edge-cases',
  'bias',
  'prompt-efficiency',
  'explainability',
  'abstention',
  'calibration',
  'cost',
  'response-time',
] as const;

/** Returns a function that names a criterion; one of another version by its id. */
export function useCriterionTitle(): (id: string) => string {
  const { t } = useTranslation();
  return (id) => {
    const known = ids.find((one) => one === id);
    return known === undefined ? id : t(`criterion.${known}`);
  };
}
