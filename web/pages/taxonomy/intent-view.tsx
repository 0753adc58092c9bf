import { ActionIcon, Anchor, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IntentPath } from '../../components/intent-path.tsx';
import type { TaxonomyView } from '../../data/api-types.ts';
import { ConfusedPairs } from './confused-pairs.tsx';
import { ExampleList } from './example-list.tsx';
import { OneExample } from './one-example.tsx';

type Node = TaxonomyView['intents'][number];

/** One intent: what it is, what it is not, its numbers, what it is confused with, and its examples. */
export function IntentView(props: {
  node: Node;
  taxonomy: TaxonomyView;
  example?: string | undefined;
  onClose(): void;
}) {
  const { node, taxonomy, example, onClose } = props;
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Card withBorder component="section" aria-labelledby="intent-name">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Title order={2} size="h4" id="intent-name">
            <IntentPath id={node.id} />
          </Title>
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('taxonomy.close')}>
            ✕
          </ActionIcon>
        </Group>
        <Text size="xs" c="dimmed" ff="monospace">
          {node.id}
        </Text>
        <Text size="sm" mt="xs">
          {node.description}
        </Text>
        <Listed title={t('taxonomy.includes')} items={node.includes} />
        <Listed title={t('taxonomy.excludes')} items={node.excludes} />
        <Group gap="lg" mt="sm">
          <Anchor size="sm" renderRoot={(link) => <Link to="/tickets" search={{ intent: node.id }} {...link} />}>
            {t('taxonomy.ticketCount', { count: node.tickets })}
          </Anchor>
          <Text size="sm">{t('taxonomy.correctionCount', { count: node.corrections })}</Text>
          <Text size="sm">{t('taxonomy.exampleCount', { count: node.examples })}</Text>
        </Group>
        <Text size="xs" c="dimmed" mt="xs">
          {t('taxonomy.readOnly')}
        </Text>
      </Card>
      {example !== undefined && <OneExample key={example} id={example} intent={node.id} />}
      <ConfusedPairs taxonomy={taxonomy} intent={node.id} />
      <ExampleList intent={node.id} />
    </Stack>
  );
}

function Listed({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <Title order={3} size="xs" c="dimmed" fw={600} mt="xs">
        {title}
      </Title>
      <List size="sm">
        {items.map((item) => (
          <List.Item key={item}>{item}</List.Item>
        ))}
      </List>
    </>
  );
}
