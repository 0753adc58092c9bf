import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { setupQuery } from '../data/setup.ts';

/** A team by its name. */
export function TeamName({ id }: { id: string }) {
  const { data } = useQuery(setupQuery);
  return (
    <Badge component="span" size="sm" variant="light" maw={160}>
      {data?.teams.find((team) => team.id === id)?.name ?? id}
    </Badge>
  );
}
