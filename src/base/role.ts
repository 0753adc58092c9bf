/** What a user or a token may do. Each role may also do what the roles before it may. */
export const roles = ['viewer', 'agent', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Whether somebody with the role `given` may do what needs the role `needed`. */
export function hasRole(given: Role, needed: Role): boolean {
  return roles.indexOf(given) >= roles.indexOf(needed);
}
