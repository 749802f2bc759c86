// Pictures of pages, as small as a repository wants them.
import { deflateSync, inflateSync } from 'node:zlib';

// Of a PNG's chunks.
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
function chunk(type, data) {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(checksum(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

/** The same picture in fewer bytes: Chromium is quick about it, a repository keeps it for long. */
export function squeezed(png) {
  const pieces = [];
  const kept = [];
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + size);
    if (type === 'IDAT') pieces.push(data);
    else if (type === 'IHDR') kept.push(chunk(type, data));
    at += size + 12;
  }
  const packed = deflateSync(inflateSync(Buffer.concat(pieces)), { level: 9, memLevel: 9 });
  return Buffer.concat([png.subarray(0, 8), ...kept, chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}
