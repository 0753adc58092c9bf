import { Alert, Card, Spoiler, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MarkedWords } from '../../../components/marked-words.tsx';
import { Saying, useSayText } from '../../../components/saying.tsx';
import type { Ticket } from '../../../data/api-types.ts';
import classes from './ticket-text.module.css';

type Part = Ticket['parts'][number];

/** The customer's own words with the deciding ones marked; quotations, signatures and the like are folded. */
export function TicketText({
  ticket,
}: {
  ticket: Pick<Ticket, 'bodyText' | 'parts' | 'automatic' | 'classification'>;
}) {
  const { t } = useTranslation();
  const phrases = ticket.classification?.decidingWords ?? [];
  return (
    <Card withBorder component="section" aria-label={t('ticket.text')}>
      {ticket.automatic !== null && (
        <Alert color="gray" mb="sm" title={t('ticket.automatic')}>
          <Saying text={ticket.automatic.reason} facts={ticket.automatic.reasonFacts} />
        </Alert>
      )}
      {ticket.bodyText.trim() === '' && <Text c="dimmed">{t('ticket.noText')}</Text>}
      {joinParts(ticket.parts).map((part) =>
        part.kind === 'own' ? (
          <OwnWords key={part.start} text={ticket.bodyText.slice(part.start, part.end)} phrases={phrases} />
        ) : (
          <FoldedPart key={part.start} part={part} text={ticket.bodyText.slice(part.start, part.end)} />
        ),
      )}
    </Card>
  );
}

function OwnWords({ text, phrases }: { text: string; phrases: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Spoiler maxHeight={600} showLabel={t('ticket.more')} hideLabel={t('ticket.less')}>
      <MarkedWords text={text.replace(/^\n+|\s+$/g, '')} phrases={phrases} />
    </Spoiler>
  );
}

function FoldedPart({ part, text }: { part: Part; text: string }) {
  const { t } = useTranslation();
  const sayText = useSayText();
  const [isOpen, setOpen] = useState(false);
  if (text.trim() === '') return null;
  return (
    <details className={classes.folded} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary title={sayText({ text: part.reason, facts: part.reasonFacts })}>{t(`part.${part.kind}`)}</summary>
      {isOpen && <MarkedWords text={text.trim()} phrases={[]} />}
    </details>
  );
}

/** Neighbours of one kind as one, so that a signature of three parts is folded once. */
export function joinParts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last !== undefined && last.kind === part.kind) joined[joined.length - 1] = { ...last, end: part.end };
    else joined.push(part);
  }
  return joined;
}
