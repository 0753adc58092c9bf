// One file a page, so that each is read whole; `common` is for what several pages show.
import common from './en/common.json';
import tickets from './en/tickets.json';

export default { ...common, ...tickets };
