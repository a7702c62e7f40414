import { expect, it } from 'vitest';
import { ApiError } from '../api/apiError.ts';
import { fieldErrors } from './fieldErrors.ts';

it('puts the first message of each refused field beside it', () => {
  const refused = new ApiError('validationFailed', 'Some fields are not valid.', 400, [
    { path: ['dvr', 'windowMinutes'], message: 'Too long.' },
    { path: ['dvr', 'windowMinutes'], message: 'Second.' },
    { path: 'name', message: 'Too short.' },
  ]);
  expect(fieldErrors(refused)).toEqual({ 'dvr.windowMinutes': 'Too long.', name: 'Too short.' });
});

it('leaves everything else to be shown as a whole', () => {
  expect(fieldErrors(new Error('x'))).toBeNull();
  expect(fieldErrors(new ApiError('internal', 'x', 500))).toBeNull();
  expect(fieldErrors(new ApiError('validationFailed', 'x', 400))).toBeNull();
});
