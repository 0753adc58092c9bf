import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Saying, type SayingProps } from '../../components/saying.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Trial } from '../../data/api-types.ts';
import classes from './request-card.module.css';

/** What Claude would be sent, word for word. */
export function RequestCard({ request, missing }: { request: Trial['request']; missing: SayingProps }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Card withBorder component="section" aria-label={t('try.request')}>
      <Stack gap="xs">
        <Title order={2} size="h5">
          {t('try.request')}
        </Title>
        {request === null ? (
          <Text size="sm">
            <Saying {...missing} />
          </Text>
        ) : (
          <>
            <Group gap="xs">
              <StatusBadge tone={request.redacted ? 'good' : 'bad'}>
                {request.redacted ? t('try.redacted') : t('try.notRedacted')}
              </StatusBadge>
              <Text size="sm">{request.model}</Text>
              <Text size="sm" c="dimmed">
                {t('try.prompt', { version: request.prompt })}
              </Text>
            </Group>
            {!request.isSent && <Text size="sm">{t('try.notSent')}</Text>}
            {request.strategy === 'hierarchy' && <Text size="sm">{t('try.firstOfSeveral')}</Text>}
            {request.messages.map(({ content }) => (
              <LongText
                key={content}
                title={t('try.message', { tokens: number.format(request.tokens.messages) })}
                text={content}
                isOpen
              />
            ))}
            <LongText title={t('try.system', { tokens: number.format(request.tokens.system) })} text={request.system} />
          </>
        )}
      </Stack>
    </Card>
  );
}

function LongText({ title, text, isOpen = false }: { title: string; text: string; isOpen?: boolean }) {
  return (
    <details className={classes.long} open={isOpen}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0} dir="auto">
        {text}
      </pre>
    </details>
  );
}
