import { startApp } from './app.ts';
import { ConfigError, loadConfig } from './config/config.ts';
import { PortError } from './http.ts';
import { createLog } from './log.ts';

/** Starts the server, prints where it is, and ends it on SIGTERM, SIGINT or SIGHUP with exit code 0. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.logLevel, process.stdout.isTTY);
  const app = await startApp(config, log);

  const lines = [`Tallylight is running: ${app.publicUrl}`];
  lines.push(
    `  RTMP on port ${app.ports.rtmp}, RTMPS on ${app.ports.rtmps}, RTSP on ${app.ports.rtsp}, WebRTC on port ${app.ports.webrtc} (UDP and TCP)`,
  );
  if (app.firstUser)
    lines.push(`  First user: ${app.firstUser.email}   password: ${app.firstUser.password}   (shown only once)`);
  process.stdout.write(`\n${lines.join('\n')}\n\n`);

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof PortError;
  process.stderr.write(
    expected ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
