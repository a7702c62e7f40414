import * as fc from 'fast-check';
import { it } from 'vitest';
import { Bookkeeper, step } from './bookkeeper.fixture.ts';
import { makeDirectory, removeDirectory } from './openedStore.fixture.ts';

it('deletes nothing that is needed and keeps nothing that is not, whatever is done', { timeout: 120_000 }, async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const root = await makeDirectory();
      const bookkeeper = new Bookkeeper(root);
      try {
        await bookkeeper.open();
        for (const each of all) await bookkeeper.run(each);
        await bookkeeper.wait();
      } finally {
        await bookkeeper.close();
        await removeDirectory(root);
      }
    }),
    { numRuns: 40 },
  );
});
