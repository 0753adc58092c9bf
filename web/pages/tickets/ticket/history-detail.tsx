import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../../src/sentences/format-share.ts';
import { namesOfPath } from '../../../components/intent-path.tsx';
import { Saying, useSayText } from '../../../components/saying.tsx';
import type { HistoryEntry } from '../../../data/api-types.ts';
import { setupQuery } from '../../../data/setup.ts';
import { useIntentNames } from '../../../data/taxonomy.ts';

type AnyFacts = HistoryEntry['facts'];
/** The facts that have this field, which entries of older versions may lack. */
type FactsWith<Field extends string> = Extract<AnyFacts, Readonly<Record<Field, unknown>>>;

const have = <Field extends string>(facts: AnyFacts, field: Field): facts is FactsWith<Field> => field in facts;

/** The title of these says it all. */
const speakForThemselves: readonly HistoryEntry['event'][] = [
  'feedback-approved',
  'feedback-undone',
  'waits-again',
  'example-approved',
];

/** What happened, from the facts of the entry; where it has none that say more, as the server says it. */
export function HistoryDetail({ entry }: { entry: HistoryEntry }) {
  const sayDecided = useDecided();
  const sayFeedback = useFeedback();
  const { t } = useTranslation();
  const { event, facts, detail } = entry;
  if (detail === '' || speakForThemselves.includes(event)) return null;
  if (have(facts, 'stage')) return sayDecided(facts);
  if (have(facts, 'waitsBecause')) return sayFeedback(facts);
  if (have(facts, 'sourceId')) {
    const { field, from, to } = facts;
    return t('history.changed', {
      field: t(`helpdeskField.${field as 'group'}`),
      from: from ?? t('history.nothing'),
      to: to ?? t('history.nothing'),
    });
  }
  return <Saying text={detail} facts={'reasonFacts' in facts ? facts.reasonFacts : undefined} />;
}

function useNames() {
  const intents = useIntentNames();
  const teams = useQuery(setupQuery).data?.teams;
  return {
    intent: (id: string) =>
      namesOfPath(id, intents)
        .map(({ name }) => name)
        .join(' › '),
    team: (id: string) => teams?.find((team) => team.id === id)?.name ?? id,
  };
}

function useDecided() {
  const { t, i18n } = useTranslation();
  const names = useNames();
  return ({ intent, confidence, abstained, team: teamId, rule }: FactsWith<'stage'>): string => {
    const team = names.team(teamId);
    if (rule === 'moved') return t('history.kept', { team });
    if (rule === 'stays') return t('history.stays', { team });
    if (intent === null) return t('history.noIntent', { team, rule });
    const share = formatShare(confidence, i18n.language);
    return t(abstained ? 'history.abstained' : 'history.decided', { intent: names.intent(intent), share, team, rule });
  };
}

function useFeedback() {
  const { t } = useTranslation();
  const names = useNames();
  const sayText = useSayText();
  return ({ intent, outOfScope, team, rating, comment, waitsBecause, waitsFacts }: FactsWith<'waitsBecause'>): string =>
    [
      intent === undefined ? null : t('history.intent', { intent: names.intent(intent) }),
      outOfScope ? t('history.nobody') : null,
      team === undefined ? null : t('history.team', { team: names.team(team) }),
      rating === undefined ? null : t('history.rated', { rating }),
      comment === undefined ? null : `“${comment}”`,
      waitsBecause === null ? null : `${t('feedback.waiting')}: ${sayText({ text: waitsBecause, facts: waitsFacts })}`,
    ]
      .filter((part) => part !== null)
      .join(' · ');
}
