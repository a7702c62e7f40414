// Entry of every npm script. Plain old JavaScript, so that even a very old Node can read the sentence below.
'use strict';

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    'Tallylight needs Node.js 20 or newer to set itself up, and this is ' +
      process.version +
      ': install a newer one (https://nodejs.org) and run the command again.',
  );
  process.exit(1);
}

void import('./run.mjs').then(function (module) {
  return module.run(process.argv.slice(2));
});
