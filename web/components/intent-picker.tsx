import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { flattenIntents, taxonomyQuery } from '../data/taxonomy.ts';
import { OptionPicker } from './option-picker.tsx';

/** A search over the tree for a leaf. */
export function IntentPicker(props: {
  /** Leaves that come first, such as runners-up. */
  suggested?: readonly string[];
  onChoose(intent: string): void;
  /** Called when no intent fits; without it that cannot be said here. */
  onNoneFits?(): void;
  onLeave(): void;
}) {
  const { suggested, onChoose, onNoneFits, onLeave } = props;
  const { t } = useTranslation();
  const { data } = useQuery(taxonomyQuery);
  const nodes = flattenIntents(data?.intents ?? []);
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const options = nodes
    .filter(({ isLeaf }) => isLeaf)
    .map(({ id, name, description }) => {
      const parents = id
        .split('/')
        .slice(0, -1)
        .map((_, index, parts) => names.get(parts.slice(0, index + 1).join('/')));
      return { value: id, name: [...parents, name].filter(Boolean).join(' › '), hint: description };
    });
  return (
    <OptionPicker
      label={t('picker.intent')}
      options={options}
      suggested={suggested}
      onChoose={onChoose}
      onLeave={onLeave}
      footer={
        onNoneFits && (
          <Button size="xs" variant="subtle" fullWidth onClick={onNoneFits}>
            {t('picker.noneFits')}
          </Button>
        )
      }
    />
  );
}
