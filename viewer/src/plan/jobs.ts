// Long reckoning: started, followed by its events, read when done.
import type { Stage } from '../api';
import { read, send } from '../calls';
import type { Change } from './scenario';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export interface Job<R = unknown> {
  number: number;
  kind: 'redraw' | 'ensemble';
  state: JobState;
  plan?: number;
  plan_version?: number;
  failure?: string;
  result?: R;
}
export interface Standing {
  children_over_seats: number;
  zones_over_seats: number;
  walk_mean_m: number;
  units_moved: number;
  children_moved: number;
}
export interface RedrawFinding {
  kind: string;
  fatal: boolean;
  units?: string[];
  schools?: string[];
  message: string;
}
export interface Redraw {
  status: string;
  gap: number | null;
  rounds: number;
  findings: RedrawFinding[];
  now: Standing;
  plan?: Standing;
  changes: Change[];
}
export interface Quantiles {
  least: number;
  q05: number;
  q25: number;
  median: number;
  q75: number;
  q95: number;
  most: number;
}
export interface Ensemble {
  plans: number;
  mixed: boolean;
  findings: RedrawFinding[];
  figures: { figure: string; mean: number; quantiles: Quantiles; mixed: boolean }[];
  plan?: {
    legal: boolean;
    figures: { figure: string; value: number; better: number; equal: number }[];
  };
}
export interface Progress {
  share?: number;
  round?: number;
  objective?: number;
  bound?: number;
  done?: number;
  shards?: number;
}
export interface RedrawOptions {
  stage: Stage;
  year: number;
  goals: Record<string, number>;
  soft_seats: boolean;
  move_share?: number;
  seconds: number;
}

export const startJob = async (kind: Job['kind'], plan: number, options: object) =>
  (await send<Job>('POST', '/v1/jobs', { kind, plan, options })).body;
export const getJob = <R>(number: number) => read<Job<R>>(`/v1/jobs/${number}`);
export const cancelJob = (number: number) => send<Job>('POST', `/v1/jobs/${number}/cancel`, {});
export const getScenario = (number: number) => read<Change[]>(`/v1/jobs/${number}/scenario`);

// Says what goes on until the job has ended, or the function it answers is called.
export function follow(
  number: number,
  onprogress: (state: JobState, progress: Progress) => void,
  onended: () => void,
): () => void {
  const events = new EventSource(`/v1/jobs/${number}/events`);
  const parse = (event: Event) =>
    JSON.parse((event as MessageEvent<string>).data) as Progress & { state?: JobState };
  events.addEventListener('state', (event) => onprogress(parse(event).state ?? 'queued', {}));
  events.addEventListener('progress', (event) => onprogress('running', parse(event)));
  for (const end of ['done', 'failed', 'cancelled']) {
    events.addEventListener(end, () => {
      events.close();
      onended();
    });
  }
  return () => events.close();
}
