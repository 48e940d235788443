import type { Position } from './api';

// Six decimals are about ten centimetres: finer than a click, and the same number everywhere it is shown.
const DECIMALS = 6;

export function rounded(at: Position): Position {
  return { lon: Number(at.lon.toFixed(DECIMALS)), lat: Number(at.lat.toFixed(DECIMALS)) };
}

export function toText(at: Position): string {
  return `${at.lon.toFixed(DECIMALS)}, ${at.lat.toFixed(DECIMALS)}`;
}

// "110.45, 33.52", also with a Chinese comma, a blank or a semicolon between. Null if it is not two numbers on the globe.
export function parsePosition(text: string): Position | null {
  const parts = text.trim().split(/\s*[,，;；\s]\s*/);
  if (parts.length !== 2) return null;
  const [lon, lat] = parts.map((part) => (/^-?\d{1,3}(\.\d+)?$/.test(part) ? Number(part) : NaN));
  if (lon === undefined || lat === undefined) return null;
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return null;
  return rounded({ lon, lat });
}
