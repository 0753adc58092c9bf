import type { Stage } from './summarise.ts';

/** Told apart by people who see colours differently, on light and on dark. */
export const stageColors: Readonly<Record<Stage, string>> = {
  local: 'indigo.6',
  claude: 'orange.5',
  'second-opinion': 'grape.5',
  correction: 'teal.6',
  none: 'gray.6',
};
