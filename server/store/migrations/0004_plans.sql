-- Planners' work: server/plans. Nothing here is about a person but what families wrote (sealed).

-- A boundary plan: the changes of `scenario` on `base` (empty: the package's zones in force; else a plan of the
-- package). district: its office's; empty: the city's. version rises with every change.
CREATE TABLE plan (
  number {int} PRIMARY KEY,
  name {text} NOT NULL,
  district {text} NOT NULL,
  base {text} NOT NULL,
  base_year {int} NOT NULL,
  scenario {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('draft', 'consulting', 'approved', 'published')),
  version {int} NOT NULL,
  created_by {text} NOT NULL,
  created {int} NOT NULL,
  changed {int} NOT NULL
);

-- What became of it: each state it came to, by whom.
CREATE TABLE plan_step (
  plan {int} NOT NULL REFERENCES plan (number),
  n {int} NOT NULL,
  state {text} NOT NULL,
  version {int} NOT NULL,
  actor {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (plan, n)
);

-- A word on one unit of a plan that is out for comment, and the office's answer, without which it does not go on.
CREATE TABLE plan_comment (
  plan {int} NOT NULL REFERENCES plan (number),
  n {int} NOT NULL,
  unit {text} NOT NULL,
  author {text} NOT NULL,
  plan_comment_sealed {blob} NOT NULL,
  at {int} NOT NULL,
  answer {text},
  answered_by {text},
  answered_at {int},
  PRIMARY KEY (plan, n)
);

-- Long reckoning. plan, base and scenario are as they were when it began; result is what it found.
CREATE TABLE job (
  number {int} PRIMARY KEY,
  kind {text} NOT NULL,
  plan {int} NOT NULL,
  plan_version {int} NOT NULL,
  base {text} NOT NULL,
  scenario {text} NOT NULL,
  options {text} NOT NULL,
  started_by {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
  created {int} NOT NULL,
  ended {int},
  result {text},
  failure {text}
);

-- Seats of a school, stage and school year as they were published: forecast and warnings, in JSON.
CREATE TABLE seat_outlook (
  school {text} NOT NULL,
  stage {text} NOT NULL,
  school_year {int} NOT NULL,
  district {text} NOT NULL,
  body {text} NOT NULL,
  published_by {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (school, stage, school_year)
);
