// One file a page, so that each is read whole; `common` is for what several pages show.
import common from './de/common.json';
import overview from './de/overview.json';
import review from './de/review.json';
import tickets from './de/tickets.json';

export default { ...common, ...overview, ...review, ...tickets };
