import { Card, Loader, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { examplesQuery } from '../../data/examples.ts';
import { ExampleItem } from './example-item.tsx';

/** The example that a link has named, such as one that a ticket was compared with, apart from the list of all. */
export function OneExample({ id, intent }: { id: string; intent: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(examplesQuery({ id }));
  const [item] = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const card = useRef<HTMLDivElement>(null);
  const isLoaded = !query.isPending;
  useEffect(() => {
    if (isLoaded) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isLoaded]);
  return (
    <Card withBorder component="section" aria-label={t('taxonomy.oneExample')} ref={card}>
      <Title order={2} size="h5" mb="xs">
        {t('taxonomy.oneExample')}
      </Title>
      {query.isPending && <Loader role="status" aria-label={t('taxonomy.loadingExamples')} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && item === undefined && (
        <Text size="sm" c="dimmed">
          {t('taxonomy.exampleGone')}
        </Text>
      )}
      {item !== undefined && (
        <ul className="plain">
          <ExampleItem item={item} showsIntent={item.example.intent !== intent} />
        </ul>
      )}
    </Card>
  );
}
