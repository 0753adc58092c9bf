// The addresses of the page. Each page is a file of its own that is loaded when it is opened.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { PageFailure } from './components/page-failure.tsx';
import { PageMissing } from './components/page-missing.tsx';
import { parseReviewFilter } from './data/review.ts';
import { parseTicketFilter } from './data/ticket-filter.ts';
import { parseRange } from './data/time-range.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ errorComponent: PageFailure, notFoundComponent: PageMissing });

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
  component: lazyRouteComponent(() => import('./pages/tickets/tickets-page.tsx'), 'TicketsPage'),
});

const ticket = createRoute({
  getParentRoute: () => tickets,
  path: '$ticketId',
  component: lazyRouteComponent(() => import('./pages/tickets/ticket/ticket-view.tsx'), 'TicketView'),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: '/review',
  validateSearch: parseReviewFilter,
  component: lazyRouteComponent(() => import('./pages/review/review-page.tsx'), 'ReviewPage'),
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  validateSearch: parseRange,
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const routeTree = root.addChildren([home, shell.addChildren([tickets.addChildren([ticket]), overview, review])]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
