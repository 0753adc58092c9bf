import { Alert, Anchor, Code, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { PageFrame } from '../../components/page-frame.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Saying } from '../../components/saying.tsx';
import type { Run } from '../../data/api-types.ts';
import { reportPath, runQuery } from '../../data/runs.ts';
import { CriteriaTable } from './criteria-table.tsx';
import { FailureTable } from './failure-table.tsx';
import { IntentScores } from './intent-scores.tsx';
import { Provenance } from './provenance.tsx';
import { RunVerdict } from './run-verdict.tsx';
import { ScoreTiles } from './score-tiles.tsx';

/** One evaluation: may it go live, by which criteria, where it is weak, and how it was measured. */
export function RunPage() {
  const { t } = useTranslation();
  const { runId } = useParams({ from: '/shell/evaluation/$runId' });
  const query = useQuery(runQuery(runId));
  return (
    <PageFrame
      title={t('evaluation.runTitle', { run: query.data?.manifest.id ?? runId })}
      actions={
        <Anchor size="sm" renderRoot={(link) => <Link to="/evaluation" {...link} />}>
          {t('evaluation.all')}
        </Anchor>
      }
    >
      <QueryView query={query} loading={t('evaluation.loading')}>
        {(run) => <RunDetails run={run} />}
      </QueryView>
    </PageFrame>
  );
}

function RunDetails({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { manifest, score, gate } = run;
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        <Ago at={manifest.startedAt} /> · <Saying text={manifest.classifier.why} facts={manifest.classifier.whyFacts} />
      </Text>
      {score === null || gate === null ? (
        <Alert color="gray" title={t('evaluation.incomplete')}>
          <Text size="sm">{t('evaluation.resume')}</Text>
          <Code block mt="xs">
            switchboard evaluate --resume {manifest.id}
          </Code>
        </Alert>
      ) : (
        <>
          <RunVerdict score={score} gate={gate} />
          <Anchor href={reportPath(manifest.id)} target="_blank" rel="noreferrer" w="fit-content">
            {t('evaluation.report')}
          </Anchor>
          <ScoreTiles score={score} />
          <CriteriaTable score={score} scales={run.scales} />
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
            <IntentScores score={score} />
            <FailureTable score={score} />
          </SimpleGrid>
        </>
      )}
      <Provenance manifest={manifest} />
    </Stack>
  );
}
