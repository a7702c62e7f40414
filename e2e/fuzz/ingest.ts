/**
 * npm run fuzz [-- <inputs> <seed>]
 * A million inputs (or so many) for every piece of the RTMP and RTSP servers: no crash, flat memory. Prints the seed, which repeats a run.
 */
import { fuzz } from '../../server/ingest/fuzz/fuzz.fixture.ts';
import { rtmpPieceTargets } from '../../server/ingest/rtmp/fuzz/rtmpPieceTargets.fixture.ts';
import { rtmpCounts, rtmpSessionTargets } from '../../server/ingest/rtmp/fuzz/rtmpSessionTargets.fixture.ts';
import { rtspCounts, rtspTargets } from '../../server/ingest/rtsp/fuzz/rtspTargets.fixture.ts';

const inputs = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

process.stdout.write(`${inputs} inputs, seed ${seed}\n`);
const startedAtMs = Date.now();
const report = await fuzz([...rtmpPieceTargets, ...rtmpSessionTargets, ...rtspTargets], inputs, seed);
for (const [name, count] of Object.entries(report.inputsOf)) process.stdout.write(`  ${name}: ${count}\n`);
process.stdout.write(
  `${report.inputs} inputs in ${Math.round((Date.now() - startedAtMs) / 1000)} s, ${report.crashes.length} crashes; ` +
    `${rtmpCounts.allowed + rtspCounts.allowed} publications; memory in use ${mebibytes(report.earlyBytes)} after a tenth, ` +
    `${mebibytes(report.finalBytes)} in the end\n`,
);
for (const { target, seed: one, error } of report.crashes.slice(0, 10))
  process.stdout.write(`${target}, seed ${one}: ${error instanceof Error ? error.stack : String(error)}\n`);
const grown = report.finalBytes - report.earlyBytes > 32 * 2 ** 20;
process.exitCode = report.crashes.length > 0 || grown ? 1 : 0;
