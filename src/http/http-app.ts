import type { App } from '../app.ts';

/** What the routes use of the app. */
export type HttpApp = Pick<
  App,
  | 'engine'
  | 'names'
  | 'route'
  | 'intake'
  | 'feedback'
  | 'undoFeedback'
  | 'approveFeedback'
  | 'importExamples'
  | 'removeExamples'
  | 'approveExample'
  | 'erase'
  | 'previewErasure'
  | 'applyCalibration'
  | 'events'
  | 'health'
  | 'modelStatus'
> & {
  readonly store: {
    readonly tickets: Pick<App['store']['tickets'], 'getRecord' | 'list'>;
    readonly history: Pick<App['store']['history'], 'lastSeq'>;
    readonly examples: Pick<App['store']['examples'], 'list'>;
    readonly counters: App['store']['counters'];
    readonly sessions: App['store']['sessions'];
  };
};
