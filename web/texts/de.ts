// One file a page, so that each is read whole; `common` is for what several pages show.
import names from '../../src/sentences/de/names.json';
import common from './de/common.json';
import evaluation from './de/evaluation.json';
import overview from './de/overview.json';
import people from './de/people.json';
import review from './de/review.json';
import setup from './de/setup.json';
import taxonomy from './de/taxonomy.json';
import tickets from './de/tickets.json';
import trying from './de/try.json';

export default {
  ...names,
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
