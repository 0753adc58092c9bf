import { Button, Card, Group, Loader, Select, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import type { ExampleQuery } from '../../data/api-types.ts';
import { examplesQuery } from '../../data/examples.ts';
import { ExampleItem } from './example-item.tsx';

const TYPING_MS = 250;
const sources = ['file', 'import', 'feedback'] as const;

/** The examples of an intent, which can be searched, approved and removed. */
export function ExampleList({ intent }: { intent: string }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [source, setSource] = useState<string | null>(null);
  const [state, setState] = useState<string | null>(null);
  const [text] = useDebouncedValue(words.trim(), TYPING_MS);
  const filter = {
    intent,
    ...(text !== '' && { text }),
    ...(source !== null && { source }),
    ...(state !== null && { state }),
  } as ExampleQuery; // the choices are those of the contract
  const query = useInfiniteQuery(examplesQuery(filter));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = text !== '' || source !== null || state !== null;
  return (
    <Card withBorder component="section" aria-label={t('taxonomy.examples')}>
      <Title order={2} size="h5">
        {t('taxonomy.examples')}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {t('example.editFile')}
      </Text>
      <Group gap="xs" mb="sm" align="end">
        <TextInput
          type="search"
          flex="1 1 180px"
          label={t('taxonomy.searchExamples')}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          w={150}
          label={t('taxonomy.source')}
          placeholder={t('filter.any')}
          data={sources.map((value) => ({ value, label: t(`example.source.${value}`) }))}
          value={source}
          onChange={setSource}
          clearable
        />
        <Select
          w={150}
          label={t('filter.state')}
          placeholder={t('filter.any')}
          data={(['active', 'waiting'] as const).map((value) => ({ value, label: t(`example.state.${value}`) }))}
          value={state}
          onChange={setState}
          clearable
        />
      </Group>
      {query.isPending && <Loader role="status" aria-label={t('taxonomy.loadingExamples')} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {isFiltered ? t('taxonomy.noneFits') : t('taxonomy.noExamples')}
        </Text>
      )}
      <ul className="plain">
        {items.map((item) => (
          <ExampleItem key={item.example.id} item={item} showsIntent={item.example.intent !== intent} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('taxonomy.moreExamples')}
        </Button>
      )}
    </Card>
  );
}
