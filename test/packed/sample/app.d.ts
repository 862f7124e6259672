export interface Shop {
  resetPassword(user: string): Promise<unknown>;
  sendInvoice(user: string): Promise<unknown>;
}
export function createShop(smtp: { readonly host: string; readonly port: number }): Shop;
