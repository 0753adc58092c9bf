import { userInfo } from 'node:os';
import type { Actor } from '../../base/actor.ts';

/** The account that runs the command. It needs no proof: it can read and write the store anyway. */
export const accountActor = (): Actor => ({ kind: 'user', id: userInfo().username });
