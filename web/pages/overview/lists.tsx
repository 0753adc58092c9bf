import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { namesOfPath } from '../../components/intent-path.tsx';
import { countsQuery } from '../../data/counts.ts';
import { correctionsQuery } from '../../data/figures.ts';
import { setupQuery } from '../../data/setup.ts';
import { useIntentNames } from '../../data/taxonomy.ts';
import type { TimeRange } from '../../data/time-range.ts';
import { Panel } from './panel.tsx';
import { ShareList } from './share-list.tsx';
import { stageColors } from './stage-colors.ts';
import { type Summary, stages } from './summarise.ts';
import { Waiting } from './waiting.tsx';

/** So many rows are read in ten seconds. */
const SHOWN = 6;
const SAID = 2;

/** Who decided: the embedded engine, Claude, a second opinion, people; and what went to triage. */
export function StagePanel({ summary, range, time }: { summary: Summary; range: TimeRange; time: string }) {
  const { t } = useTranslation();
  const { byStage, decided, abstained } = summary;
  const receivedAfter = range.since;
  return (
    <Panel title={t('overview.stages')} time={time} tickets={{ receivedAfter, state: 'decided' }}>
      <ShareList
        total={decided}
        shares={[
          ...stages
            .filter((stage) => byStage[stage] > 0)
            .map((stage) => ({
              key: stage,
              name: t(`stage.${stage}`),
              count: byStage[stage],
              color: stageColors[stage],
              tickets: { receivedAfter, stage },
            })),
          {
            key: 'abstained',
            name: t('overview.triage'),
            count: abstained,
            color: 'red.6',
            tickets: { receivedAfter, abstained: 'true' },
          },
        ]}
      />
      <Text size="xs" c="dimmed">
        {t('overview.triageHint')}
      </Text>
    </Panel>
  );
}

/** The teams that have the tickets now, the one with the most first; the small ones together. */
export function TeamPanel({ range, time }: { range: TimeRange; time: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(countsQuery({ by: 'team', since: range.since }));
  const teams = useQuery(setupQuery).data?.teams;
  const receivedAfter = range.since;
  const others = data?.items.slice(SHOWN).reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <Panel title={t('overview.teams')} time={time} tickets={{ receivedAfter }}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined ? (
        !error && <Waiting />
      ) : (
        <ShareList
          total={data.total}
          shares={data.items.slice(0, SHOWN).map(({ value, count }) => ({
            key: value ?? '',
            name: value === null ? t('state.received') : (teams?.find(({ id }) => id === value)?.name ?? value),
            count,
            color: value === null ? 'gray.5' : 'indigo.6',
            tickets: value === null ? { receivedAfter, state: 'received' } : { receivedAfter, team: value },
          }))}
        />
      )}
      {others > 0 && (
        <Text size="xs" c="dimmed">
          {t('overview.otherTeams', { count: others })}
        </Text>
      )}
    </Panel>
  );
}

/** What people corrected most, and what they said instead. */
export function CorrectionPanel({ range, time }: { range: TimeRange; time: string }) {
  const { t } = useTranslation();
  const names = useIntentNames();
  const { data, error, refetch } = useQuery(correctionsQuery({ since: range.since }));
  const name = (intent: string) => namesOfPath(intent, names).at(-1)?.name ?? intent;
  const receivedAfter = range.since;
  const total = data?.items.reduce((sum, { corrected }) => sum + corrected, 0) ?? 0;
  return (
    <Panel title={t('overview.corrections')} time={time}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Waiting />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('overview.noCorrections')}
        </Text>
      )}
      {data !== undefined && (
        <ShareList
          total={total}
          // It would read as how often the intent is wrong.
          hasPercent={false}
          shares={data.items.slice(0, SHOWN).map(({ intent, corrected, to }) => ({
            key: intent ?? '',
            name: intent === null ? t('overview.noIntent') : name(intent),
            count: corrected,
            note: t('overview.saidInstead', {
              intents: to
                .slice(0, SAID)
                .map((said) => `${said.intent === null ? t('overview.nobody') : name(said.intent)} (${said.count})`)
                .join(', '),
            }),
            color: 'orange.6',
            tickets: intent === null ? null : { receivedAfter, correctedFrom: intent },
          }))}
        />
      )}
    </Panel>
  );
}
