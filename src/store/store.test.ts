// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { describeStore } from '../testing/store-suite.ts';
import { storeKinds } from '../testing/test-stores.ts';

for (const { kind, skip, open } of storeKinds) describeStore(kind, { skip, open });
