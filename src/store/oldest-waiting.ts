/** As many of those are looked at; more changed tickets at once would come from an import, which waits as a whole. */
const MOST_REVISED = 500;

/**
 * A statement: for how many seconds the ticket that waits longest has been without a decision; null when none waits. A ticket
 * that never changed waits since it was received. One that a helpdesk has changed waits since then, and can only be the oldest
 * when it was first received before those that never changed: so only those are looked at.
 */
export const selectOldestWaiting = `with first as (
    select received_at, position from switchboard.tickets where state = 'received' and revision = 1 order by position limit 1
  ), revised as (
    select id from switchboard.tickets
    where state = 'received' and revision > 1 and position < coalesce((select position from first), ${Number.MAX_SAFE_INTEGER})
    order by position limit ${MOST_REVISED}
  )
  select extract(epoch from clock_timestamp() - least(
    (select received_at from first),
    (select min(told.at) from revised cross join lateral (
      select at from switchboard.history
      where ticket_id = revised.id and event in ('accepted', 'revised') order by seq desc limit 1
    ) told)
  ))::float8 as seconds`;
