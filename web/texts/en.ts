// One file a page, so that each is read whole; `common` is for what several pages show.
import common from './en/common.json';
import evaluation from './en/evaluation.json';
import overview from './en/overview.json';
import people from './en/people.json';
import review from './en/review.json';
import setup from './en/setup.json';
import taxonomy from './en/taxonomy.json';
import tickets from './en/tickets.json';
import trying from './en/try.json';

export default {
  ...common,
  ...evaluation,
  ...overview,
  ...people,
  ...review,
  ...setup,
  ...taxonomy,
  ...tickets,
  ...trying,
};
