import { Card, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../components/facts.tsx';
import type { Run } from '../../data/api-types.ts';

/** How the run was measured: with which data, examples, settings and versions. */
export function Provenance({ manifest }: { manifest: Run['manifest'] }) {
  const { t } = useTranslation();
  const { dataset, taxonomy, examples, stored, calibrations, config, settings, codeVersion, nodeVersion, seed } =
    manifest;
  return (
    <Card withBorder component="section" aria-label={t('evaluation.measured')}>
      <Title order={2} size="h5" mb="xs">
        {t('evaluation.measured')}
      </Title>
      <Facts>
        <Fact name={t('evaluation.dataset')}>
          {dataset.map(({ path, tickets, sha256 }) => (
            <div key={path}>
              {path}, {t('evaluation.tickets', { count: tickets })}, sha256 {sha256.slice(0, 12)}
            </div>
          ))}
        </Fact>
        <Fact name={t('version.taxonomy')}>
          {taxonomy.name}, {taxonomy.version}
        </Fact>
        <Fact name={t('version.examples')}>
          {examples.count}, sha256 {examples.sha256.slice(0, 12)}
          {stored && <> · {t('evaluation.storedExamples', { count: stored.count })}</>}
        </Fact>
        <Fact name={t('evaluation.calibrations')}>
          {calibrations.length === 0
            ? t('evaluation.notCalibrated')
            : calibrations.map(({ engine, version }) => `${engine} ${version}`).join(', ')}
        </Fact>
        <Fact name={t('evaluation.settings')}>
          {config ?? '–'}, {settings.slice(0, 12)}
        </Fact>
        <Fact name={t('evaluation.code')}>{t('evaluation.codeOf', { codeVersion, nodeVersion, seed })}</Fact>
      </Facts>
    </Card>
  );
}
