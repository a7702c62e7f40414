/** What is missing and how to get it, in one sentence; the command ends with exit code 1. */
export class SetupError extends Error {}
