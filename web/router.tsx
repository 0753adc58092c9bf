// The addresses of the page. Each page is a file of its own that is loaded when it is opened.
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { PageFailure } from './components/page-failure.tsx';
import { PageMissing } from './components/page-missing.tsx';
import { parseSearch, stringifySearch } from './data/address-search.ts';
import { lazyPage } from './data/page-files.ts';
import { parseReviewFilter } from './data/review.ts';
import { parseTicketFilter } from './data/ticket-filter.ts';
import { parseRange } from './data/time-range.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ errorComponent: PageFailure });

/** Everything but signing in has the navigation around it. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tickets' });
  },
});

const tickets = createRoute({
  getParentRoute: () => shell,
  path: '/tickets',
  validateSearch: parseTicketFilter,
  component: lazyPage(() => import('./pages/tickets/tickets-page.tsx'), 'TicketsPage'),
});

const ticket = createRoute({
  getParentRoute: () => tickets,
  path: '$ticketId',
  component: lazyPage(() => import('./pages/tickets/ticket/ticket-view.tsx'), 'TicketView'),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: '/review',
  validateSearch: parseReviewFilter,
  component: lazyPage(() => import('./pages/review/review-page.tsx'), 'ReviewPage'),
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  validateSearch: parseRange,
  component: lazyPage(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const tryTicket = createRoute({
  getParentRoute: () => shell,
  path: '/try',
  component: lazyPage(() => import('./pages/try/try-page.tsx'), 'TryPage'),
});

const textIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const taxonomy = createRoute({
  getParentRoute: () => shell,
  path: '/taxonomy',
  validateSearch: ({ intent, example }: Record<string, unknown>): { intent?: string; example?: string } => ({
    ...(textIn(intent) !== '' && { intent: textIn(intent) }),
    ...(textIn(example) !== '' && { example: textIn(example) }),
  }),
  component: lazyPage(() => import('./pages/taxonomy/taxonomy-page.tsx'), 'TaxonomyPage'),
});

const evaluation = createRoute({
  getParentRoute: () => shell,
  path: '/evaluation',
  component: lazyPage(() => import('./pages/evaluation/evaluation-page.tsx'), 'EvaluationPage'),
});

const comparison = createRoute({
  getParentRoute: () => shell,
  path: '/evaluation/compare',
  validateSearch: ({ first, second }: Record<string, unknown>) => ({ first: textIn(first), second: textIn(second) }),
  component: lazyPage(() => import('./pages/evaluation/comparison-page.tsx'), 'ComparisonPage'),
});

const run = createRoute({
  getParentRoute: () => shell,
  path: '/evaluation/$runId',
  component: lazyPage(() => import('./pages/evaluation/run-page.tsx'), 'RunPage'),
});

const setup = createRoute({
  getParentRoute: () => shell,
  path: '/setup',
  component: lazyPage(() => import('./pages/setup/setup-page.tsx'), 'SetupPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyPage(() => import('./pages/people/people-page.tsx'), 'PeoplePage'),
});

/** What no page has. */
const missing = createRoute({ getParentRoute: () => shell, path: '$', component: PageMissing });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next }: Record<string, unknown>): { next?: string } => (typeof next === 'string' ? { next } : {}),
  component: lazyPage(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation/$code',
  component: lazyPage(() => import('./pages/invitation/invitation-page.tsx'), 'InvitationPage'),
});

const inside = [
  tickets.addChildren([ticket]),
  review,
  overview,
  tryTicket,
  taxonomy,
  evaluation,
  comparison,
  run,
  setup,
  people,
  missing,
];
const routeTree = root.addChildren([home, signIn, invitation, shell.addChildren(inside)]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  // What is opened anew is read from its beginning, such as the next ticket; going back restores where one was.
  scrollToTopSelectors: ['[data-scroll-top]'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
