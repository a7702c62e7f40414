import { createDashPackager } from './dash/packager.ts';
import { createHdsPackager } from './hds/packager.ts';
import { createHlsPackager } from './hls/packager.ts';
import { createMssPackager } from './mss/packager.ts';
import type { Packager } from './packager.ts';

/** Every output format. A new one is a folder beside this file and an entry here. */
export const packagers: readonly (() => Packager)[] = [
  createHlsPackager,
  createDashPackager,
  createHdsPackager,
  createMssPackager,
];
