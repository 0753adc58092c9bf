import type { TFunction } from 'i18next';
import type { HistoryEntry } from '../data/api-types.ts';

/** Who did something: users by their id, others with what they are; who came without signing in as the menu and feedback say it. */
export function nameActor({ kind, id }: HistoryEntry['actor'], t: TFunction): string {
  const isUnnamed = kind === 'user' || (kind === 'token' && id === 'local');
  return isUnnamed ? id : `${t(`actor.${kind}`)} ${id}`;
}
