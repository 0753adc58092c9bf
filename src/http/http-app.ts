import type { App } from '../app.ts';

/** The part of the app that the routes use. */
export type HttpApp = Pick<
  App,
  | 'config'
  | 'engine'
  | 'names'
  | 'taxonomy'
  | 'route'
  | 'tryTicket'
  | 'intake'
  | 'acceptWebhook'
  | 'feedback'
  | 'findMove'
  | 'undoFeedback'
  | 'approveFeedback'
  | 'review'
  | 'importExamples'
  | 'removeExamples'
  | 'approveExample'
  | 'erase'
  | 'previewErasure'
  | 'importTickets'
  | 'findDelivered'
  | 'undoDelivery'
  | 'applyCalibration'
  | 'listCalibrations'
  | 'dropCalibration'
  | 'events'
  | 'health'
  | 'engineStart'
  | 'modelStatus'
  | 'modelUse'
  | 'people'
  | 'learning'
> & {
  readonly store: {
    readonly tickets: Pick<App['store']['tickets'], 'getRecord' | 'list'>;
    readonly history: Pick<App['store']['history'], 'lastSeq'>;
    readonly flush: App['store']['flush'];
    readonly examples: Pick<App['store']['examples'], 'list' | 'countByIntent'>;
    readonly figures: App['store']['figures'];
    readonly spend: Pick<App['store']['spend'], 'todayUsd'>;
    readonly counters: App['store']['counters'];
    readonly sessions: App['store']['sessions'];
  };
};
