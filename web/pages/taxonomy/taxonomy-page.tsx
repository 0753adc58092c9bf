import { Box } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../../components/page-frame.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { flattenIntents, taxonomyQuery } from '../../data/taxonomy.ts';
import { ConfusedPairs } from './confused-pairs.tsx';
import { IntentTree } from './intent-tree.tsx';
import { IntentView } from './intent-view.tsx';
import classes from './taxonomy-page.module.css';

/** The tree of intents with what happened to each, and beside it the intent that is chosen, with its examples. */
export function TaxonomyPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { intent: chosen, example } = useSearch({ from: '/shell/taxonomy' });
  const query = useQuery(taxonomyQuery);
  const choose = (intent: string | undefined) =>
    void navigate({ to: '/taxonomy', search: intent === undefined ? {} : { intent } });
  return (
    <PageFrame title={t('nav.taxonomy')} about={t('taxonomy.about')}>
      <QueryView query={query} loading={t('taxonomy.loading')}>
        {(taxonomy) => {
          const node = flattenIntents(taxonomy.intents).find(({ id }) => id === chosen) ?? null;
          return (
            <div className={classes.columns} data-chosen={node === null ? undefined : true}>
              <Box className={classes.tree}>
                <IntentTree taxonomy={taxonomy} chosen={node?.id ?? null} />
              </Box>
              <Box className={classes.side}>
                {node === null ? (
                  <ConfusedPairs taxonomy={taxonomy} />
                ) : (
                  <IntentView key={node.id} {...{ node, taxonomy, example }} onClose={() => choose(undefined)} />
                )}
              </Box>
            </div>
          );
        }}
      </QueryView>
    </PageFrame>
  );
}
