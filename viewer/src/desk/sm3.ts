// SM3 (GB/T 32905): the hash of draws where the policy asks for it. Browsers have none.
const rotate = (x: number, n: number) => (n % 32 === 0 ? x : (x << (n % 32)) | (x >>> (32 - (n % 32))));
const p0 = (x: number) => x ^ rotate(x, 9) ^ rotate(x, 17);
const p1 = (x: number) => x ^ rotate(x, 15) ^ rotate(x, 23);

function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const view = new DataView(new ArrayBuffer(length));
  bytes.forEach((b, i) => view.setUint8(i, b));
  view.setUint8(bytes.length, 0x80);
  view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(length - 4, (bytes.length * 8) >>> 0);
  return view;
}

function expand(view: DataView, at: number): number[] {
  const w: number[] = [];
  const word = (i: number) => w[i] ?? 0;
  for (let j = 0; j < 16; j += 1) w.push(view.getUint32(at + j * 4));
  for (let j = 16; j < 68; j += 1)
    w.push(p1(word(j - 16) ^ word(j - 9) ^ rotate(word(j - 3), 15)) ^ rotate(word(j - 13), 7) ^ word(j - 6));
  return w;
}

function compress(state: number[], w: number[]): number[] {
  const word = (i: number) => w[i] ?? 0;
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let j = 0; j < 64; j += 1) {
    const t = rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j);
    const ss1 = rotate((rotate(a, 12) + e + t) | 0, 7);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + (ss1 ^ rotate(a, 12)) + (word(j) ^ word(j + 4))) | 0;
    const tt2 = (gg + h + ss1 + word(j)) | 0;
    [d, c, b, a] = [c, rotate(b, 9), a, tt1];
    [h, g, f, e] = [g, rotate(f, 19), e, p0(tt2)];
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => x ^ (state[i] ?? 0));
}

// 64 hexadecimal digits.
export function sm3(bytes: Uint8Array): string {
  let state = [
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
  ];
  const view = padded(bytes);
  for (let at = 0; at < view.byteLength; at += 64) state = compress(state, expand(view, at));
  return state.map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('');
}
