import { Button, Card, Group, Loader, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { CheckName } from '../../components/check-name.tsx';
import { Failure } from '../../components/failure.tsx';
import { Saying } from '../../components/saying.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Doctor } from '../../data/api-types.ts';
import { doctorQuery } from '../../data/doctor.ts';
import classes from './doctor-card.module.css';

const tones = { ok: 'good', note: 'warning', failed: 'bad' } as const;
const places = { failed: 0, note: 1, ok: 2 } as const;

/** What an examination finds: what must be fixed first. */
export function DoctorCard() {
  const { t } = useTranslation();
  const query = useQuery(doctorQuery);
  return (
    <Card withBorder component="section" aria-label={t('setup.doctor')} aria-busy={query.isFetching}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t('setup.doctor')}
        </Title>
        <Button size="compact-xs" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('setup.examine')}
        </Button>
      </Group>
      {query.isPending && (
        <Group gap="xs" role="status">
          <Loader size="sm" aria-hidden="true" />
          <Text size="sm">{t('setup.examining')}</Text>
        </Group>
      )}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && <Findings doctor={query.data} />}
    </Card>
  );
}

function Findings({ doctor }: { doctor: Doctor }) {
  const { t } = useTranslation();
  const findings = doctor.findings.toSorted((a, b) => places[a.status] - places[b.status]);
  return (
    <>
      <Text size="sm">{doctor.ok ? t('setup.healthy') : t('setup.unhealthy')}</Text>
      <Text size="xs" c="dimmed" mb="xs">
        {t('setup.checked')} <Ago at={doctor.checkedAt} />
      </Text>
      <ul className={`plain ${classes.findings}`}>
        {findings.map(({ check, status, detail, detailFacts }) => (
          <li key={`${check} ${detail}`}>
            <StatusBadge tone={tones[status]}>{t(`finding.${status}`)}</StatusBadge>
            <div>
              <Text fw={600} size="sm">
                <CheckName check={check} />
              </Text>
              <Text size="sm" className={classes.detail}>
                <Saying text={detail} facts={detailFacts} />
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
