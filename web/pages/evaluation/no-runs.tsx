import { Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';

/** How to make the first evaluation. */
export function NoRuns({ folder }: { folder: string }) {
  const { t } = useTranslation();
  return (
    <Empty title={t('evaluation.none')}>
      <Text size="sm">{t('evaluation.noneHint')}</Text>
      <Code block mt="sm" ta="start">
        switchboard evaluate --dataset labelled.jsonl
      </Code>
      <Text size="xs" mt="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('evaluation.folder', { folder })}
      </Text>
    </Empty>
  );
}
