const everyMs = 10_000;

/**
 * Says what is being done. A terminal gets one line that changes; a log gets a line every ten seconds.
 * @typedef {object} Report
 * @property {(text: string) => void} line Says something that stays.
 * @property {(text: string) => void} progress Says how far the step is.
 * @property {() => void} close Stops the clock.
 */

/**
 * @param {string} title What every progress line begins with.
 * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} [output]
 * @param {() => number} [now]
 * @returns {Report}
 */
export function createReport(title, output = process.stdout, now = Date.now) {
  const startedAt = now();
  let text = '';
  const show = () => {
    const line = `${title} … ${text ? `${text}, ` : ''}${formatDuration(now() - startedAt)}`;
    if (output.isTTY) output.write(`\r\u001b[K${line.slice(0, (output.columns ?? 80) - 1)}`);
    else output.write(`${line}\n`);
  };
  const clock = setInterval(show, output.isTTY ? 500 : everyMs);
  return {
    line: (said) => output.write(`${output.isTTY ? '\r\u001b[K' : ''}${said}\n`),
    progress: (said) => {
      text = said;
    },
    close: () => clearInterval(clock),
  };
}

/** @param {number} ms */
export function formatDuration(ms) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
