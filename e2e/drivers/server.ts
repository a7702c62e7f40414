import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, serverPorts } from './freePorts.ts';

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
export const adminEmail = 'admin@localhost';
export const adminPassword = 'a-test-password-of-some-length';

/** The real server in a process of its own, with ports and a data folder that nobody else uses. */
export class ServerUnderTest {
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  readonly dataDir: string;
  /** Everything it has printed, over all its runs. */
  output = '';
  #process: ChildProcess | undefined;

  private constructor(dataDir: string, environment: Record<string, string>) {
    this.dataDir = dataDir;
    this.environment = environment;
    this.url = `${environment['TLS_CERT'] ? 'https' : 'http'}://localhost:${environment['HTTP_PORT']}`;
  }

  /** Started and answering; `settings` go on top of the fresh ports and folder. */
  static async start(settings: Record<string, string> = {}): Promise<ServerUnderTest> {
    const dataDir = await mkdtemp(join(tmpdir(), 'tallylight-e2e-'));
    for (let attempt = 1; ; attempt++) {
      const ports = await freePorts(serverPorts);
      const server = new ServerUnderTest(dataDir, {
        ...ports,
        DATA_DIR: dataDir,
        ADMIN_EMAIL: adminEmail,
        ADMIN_PASSWORD: adminPassword,
        LOG_LEVEL: 'info',
        ...settings,
      });
      try {
        await server.run();
        return server;
      } catch (error) {
        // Somebody else was given the same port in between.
        if (attempt === 3 || !server.output.includes('is in use')) throw error;
      }
    }
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  get rtmpPort(): number {
    return Number(this.environment['RTMP_PORT']);
  }

  /** Starts the process (again) on the same ports and data. Rejects when it ends before it is ready. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    // A test that failed did not get to stop it.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    await new Promise<void>((resolve, reject) => {
      const before = this.output.length;
      const read = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (this.output.includes('Tallylight is running', before)) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.output.slice(before)}`)));
    });
  }

  /** Sends a signal and waits for the end; resolves with the exit code, or null when it was killed. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
