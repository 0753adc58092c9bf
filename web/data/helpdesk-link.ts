/** The link to a ticket in its helpdesk, if it is one to a page: connectors pass on what a helpdesk or a file says. */
export function helpdeskLink(url: string | undefined): string | null {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : null;
}
