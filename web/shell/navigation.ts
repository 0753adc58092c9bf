import type { Role } from '../data/me.ts';

/** The pages in the navigation, in its order. */
const pages = [
  { to: '/tickets', label: 'nav.tickets', roles: null },
  { to: '/review', label: 'nav.review', roles: ['agent', 'lead', 'admin'] },
  { to: '/overview', label: 'nav.overview', roles: null },
  { to: '/try', label: 'nav.try', roles: ['agent', 'lead', 'admin'] },
  { to: '/taxonomy', label: 'nav.taxonomy', roles: null },
  { to: '/evaluation', label: 'nav.evaluation', roles: null },
  { to: '/setup', label: 'nav.setup', roles: null },
  { to: '/people', label: 'nav.people', roles: ['lead', 'admin'] },
] as const;

export function navigation(role: Role) {
  return pages.filter(({ roles }) => roles === null || (roles as readonly Role[]).includes(role));
}
