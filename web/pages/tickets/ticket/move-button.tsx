import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TeamName } from '../../../components/team-name.tsx';

/** Moves a ticket to the team to which the rules send its like. */
export function MoveButton({ team, onMove }: { team: string; onMove(team: string): void }) {
  const { t } = useTranslation();
  return (
    <Button size="compact-sm" variant="default" onClick={() => onMove(team)}>
      {t('correct.move')}&nbsp;
      <TeamName id={team} />
    </Button>
  );
}
