/** Addresses that differ in case only are the same account. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
