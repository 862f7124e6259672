/** Quotes a value for the query language: an address may contain any character. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

export const addressQuery = (address: string) => `rcpt:${quoted(address)}`;
export const usernameQuery = (username: string) => `user:${quoted(username)}`;
