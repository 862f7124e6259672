/** Building blocks of HTML mails as apps send them: tables and inline styles, as mail clients want it. */

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

export interface Brand {
  readonly name: string;
  readonly colour: string;
  readonly address: string;
}

export function page({ name, colour, address }: Brand, body: string, footer = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${name}</title></head>
<body style="margin:0;padding:0;background:#f3f4f6;${FONT};color:#1f2937">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:28px 12px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px">
<tr><td style="padding:0 8px 16px;font-size:17px;font-weight:700;color:${colour}">${name}</td></tr>
<tr><td style="background:#ffffff;border-radius:12px;padding:32px;font-size:15px;line-height:24px">${body}</td></tr>
<tr><td style="padding:18px 8px;font-size:12px;line-height:18px;color:#6b7280">${footer || `${name} · ${address}`}</td></tr>
</table></td></tr></table>
</body></html>`;
}

export const title = (text: string) =>
  `<h1 style="margin:0 0 12px;font-size:22px;line-height:30px;font-weight:700;color:#111827">${text}</h1>`;

export const text = (content: string) => `<p style="margin:0 0 16px">${content}</p>`;

export const button = (label: string, href: string, colour: string) =>
  `<p style="margin:24px 0"><a href="${href}" style="display:inline-block;background:${colour};color:#ffffff;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:8px">${label}</a></p>`;

export const code = (digits: string) =>
  `<p style="margin:24px 0;padding:18px;background:#f3f4f6;border-radius:8px;text-align:center;font:700 30px/36px ui-monospace,Menlo,Consolas,monospace;letter-spacing:8px">${digits}</p>`;

export const picture = (cid: string, alt: string) =>
  `<img src="cid:${cid}" alt="${alt}" width="496" style="display:block;width:100%;height:auto;border-radius:8px;margin:0 0 20px">`;

/** Lines of an order or invoice; the last is the sum. */
export function lines(rows: readonly (readonly [label: string, amount: string])[]): string {
  const cells = rows.map(([label, amount], index) => {
    const last = index === rows.length - 1 ? 'font-weight:700;border-bottom:0' : '';
    const style = `padding:10px 0;border-bottom:1px solid #e5e7eb;${last}`;
    return `<tr><td style="${style}">${label}</td><td align="right" style="${style};white-space:nowrap">${amount}</td></tr>`;
  });
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 20px;font-size:15px">${cells.join('')}</table>`;
}
