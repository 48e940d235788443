export interface Piece {
  text: string;
  typed: boolean;
}

// A text cut at its highlights, which are sorted [begin, end) in code points.
export function pieces(text: string, highlights: [number, number][]): Piece[] {
  const characters = [...text];
  const out: Piece[] = [];
  let at = 0;
  const take = (end: number, typed: boolean) => {
    if (end > at) out.push({ text: characters.slice(at, end).join(''), typed });
    at = Math.max(at, end);
  };
  for (const [begin, end] of highlights) {
    take(Math.min(begin, characters.length), false);
    take(Math.min(end, characters.length), true);
  }
  take(characters.length, false);
  return out;
}
