/** A value for the query language: quoted, as addresses may hold anything. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

export const addressQuery = (address: string) => `rcpt:${quoted(address)}`;
export const usernameQuery = (username: string) => `user:${quoted(username)}`;
