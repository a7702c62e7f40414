import type { Reporter, TestCase } from 'vitest/node';

/** Says why a test failed that passed when it was tried once more: otherwise only that it did would be known. */
export class FlakyTests implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    const errors = test.result().errors?.map(({ stack, message }) => stack ?? message) ?? [];
    process.stdout.write(`flaky: ${test.fullName}\n${errors.join('\n')}\n`);
  }
}
