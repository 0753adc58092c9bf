import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../../components/page-frame.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { runsQuery } from '../../data/runs.ts';
import { NoRuns } from './no-runs.tsx';
import { RunTable } from './run-table.tsx';

/** Every evaluation with its verdict; two about the same tickets can be compared. */
export function EvaluationPage() {
  const { t } = useTranslation();
  const query = useQuery(runsQuery);
  return (
    <PageFrame title={t('nav.evaluation')} about={t('evaluation.about')}>
      <QueryView query={query} loading={t('evaluation.loading')}>
        {(runs) => (runs.items.length === 0 ? <NoRuns folder={runs.folder} /> : <RunTable runs={runs} />)}
      </QueryView>
    </PageFrame>
  );
}
