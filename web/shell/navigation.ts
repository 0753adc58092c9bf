import { type Role, roles } from '../data/me.ts';

/** The pages in the navigation, in its order, each with the least role that may open it. */
const pages = [
  { to: '/tickets', label: 'nav.tickets', role: 'viewer' },
  { to: '/review', label: 'nav.review', role: 'agent' },
  { to: '/overview', label: 'nav.overview', role: 'viewer' },
  { to: '/try', label: 'nav.try', role: 'agent' },
  { to: '/taxonomy', label: 'nav.taxonomy', role: 'viewer' },
  { to: '/evaluation', label: 'nav.evaluation', role: 'viewer' },
  { to: '/setup', label: 'nav.setup', role: 'viewer' },
  { to: '/people', label: 'nav.people', role: 'lead' },
] as const satisfies readonly { to: string; label: string; role: Role }[];

const may = (role: Role, least: Role) => roles.indexOf(role) >= roles.indexOf(least);

export const isWithin = (path: string, to: string) => path === to || path.startsWith(`${to}/`);

/** What the navigation shows to somebody with this role. */
export function navigation(role: Role) {
  return pages.filter((page) => may(role, page.role));
}

/** The role that a page needs and this one does not have; null where it may be opened. */
export function missingRole(path: string, role: Role): Role | null {
  const needed = pages.find(({ to }) => isWithin(path, to))?.role ?? 'viewer';
  return may(role, needed) ? null : needed;
}
