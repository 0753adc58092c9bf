import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { setupQuery } from '../data/setup.ts';
import { OptionPicker } from './option-picker.tsx';

/** A search over the teams. */
export function TeamPicker({ onChoose, onLeave }: { onChoose(team: string): void; onLeave(): void }) {
  const { t } = useTranslation();
  const { data } = useQuery(setupQuery);
  const options = (data?.teams ?? []).map(({ id, name }) => ({ value: id, name: name ?? id }));
  return <OptionPicker label={t('picker.team')} options={options} onChoose={onChoose} onLeave={onLeave} />;
}
