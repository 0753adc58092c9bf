// The shapes on the wire: requests are checked against them, and OpenAPI describes requests and responses by them.
export * from './contract/calibrations.ts';
export * from './contract/deliveries.ts';
export * from './contract/erasures.ts';
export * from './contract/examples.ts';
export * from './contract/feedback.ts';
export * from './contract/figures.ts';
export * from './contract/health.ts';
export * from './contract/history.ts';
export * from './contract/imports.ts';
export * from './contract/me.ts';
export * from './contract/problem.ts';
export * from './contract/review.ts';
export * from './contract/ticket-list.ts';
export * from './contract/tickets.ts';
export * from './contract/tokens.ts';
export * from './contract/users.ts';
