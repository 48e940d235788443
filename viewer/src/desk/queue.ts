// The queue a reviewer works through, while the desk is open: its filters, and the codes of the page in sight.
export const queue: { stage: string; level: string; school: string; district: string; codes: string[] } = {
  stage: 'registered',
  level: '',
  school: '',
  district: '',
  codes: [],
};
export function after(code: string): string | null {
  const at = queue.codes.indexOf(code);
  return at < 0 ? null : (queue.codes[at + 1] ?? null);
}
