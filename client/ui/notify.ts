import { notifications } from '@mantine/notifications';
import { errorMessage } from '../api/apiError.ts';

const closeButtonProps = { 'aria-label': 'Dismiss' };

/** Something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'preview', closeButtonProps });
}

/** Something was not done; it stays until it is read. */
export function notifyProblem(title: string, error: unknown): void {
  notifications.show({ title, message: errorMessage(error), color: 'clay', autoClose: 12_000, closeButtonProps });
}
