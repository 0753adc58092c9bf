// One file a page, so that each is read whole; `common` is for what several pages show.
import common from './en/common.json';
import overview from './en/overview.json';
import review from './en/review.json';
import tickets from './en/tickets.json';

export default { ...common, ...overview, ...review, ...tickets };
