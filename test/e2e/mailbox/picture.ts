import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number];

/** A PNG of the given size, each pixel asked from `at` (x and y from 0 to 1). */
export function png(width: number, height: number, at: (x: number, y: number) => Colour): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = at(x / width, y / height).map((value) => Math.max(0, Math.min(255, Math.round(value))));
      rows.set(colour, y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, RGB.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}

/** Hills at dusk. */
export function hills(width: number, height: number): Buffer {
  const ridge = (x: number, phase: number, high: number) =>
    high + 0.07 * Math.sin(x * 5 + phase) + 0.03 * Math.sin(x * 13 + phase * 2);
  return png(width, height, (x, y) => {
    if (y > ridge(x, 0.4, 0.78)) return [38, 57, 77];
    if (y > ridge(x, 2.1, 0.62)) return [66, 92, 112];
    if (y > ridge(x, 4.2, 0.48)) return [112, 137, 150];
    const sun = Math.hypot((x - 0.68) * (width / height), y - 0.34);
    if (sun < 0.12) return [255, 244, 214];
    return [250 - y * 30, 208 - y * 26 + x * 12, 170 + y * 40];
  });
}
