import type { App } from '../app.ts';

/** What the routes use of the app. */
export type HttpApp = Pick<App, 'engine' | 'route' | 'intake' | 'feedback' | 'importExamples' | 'events' | 'health'> & {
  readonly store: {
    readonly tickets: Pick<App['store']['tickets'], 'getRecord' | 'list' | 'count'>;
    readonly history: Pick<App['store']['history'], 'lastSeq'>;
    readonly sessions: App['store']['sessions'];
  };
};
