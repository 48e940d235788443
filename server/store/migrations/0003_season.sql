-- A season at work: server/desk. What happened stands in season_event, in order; the other tables are what it led to.
-- `level` is primary or junior; children and schools of a level are numbered from 0, schools as in the season's setup.

-- The season this store is of: another setup or pack is refused.
CREATE TABLE season (
  level {text} PRIMARY KEY,
  label {text} NOT NULL,
  setup_hash {blob} NOT NULL
);

-- One child, one registration. `record` is what the family handed in, `grounds` what the season made of it, both
-- sealed; `child_key` and `guardian` are keyed hashes.
CREATE TABLE registration (
  code {text} PRIMARY KEY,
  level {text} NOT NULL,
  number {int},
  child_key {text} NOT NULL UNIQUE,
  guardian {text} NOT NULL,
  district {text} NOT NULL,
  filed_by {text} NOT NULL,
  channel {text} NOT NULL CHECK (channel IN ('online', 'on_site', 'late')),
  stage {text} NOT NULL,
  choice {text} NOT NULL,
  seat {text} NOT NULL,
  answer_by {int},
  version {int} NOT NULL,
  created {int} NOT NULL,
  changed {int} NOT NULL,
  record {blob} NOT NULL,
  UNIQUE (level, number)
);
CREATE INDEX registration_guardian ON registration (guardian, code);
CREATE INDEX registration_district ON registration (district, stage, code);
CREATE INDEX registration_seat ON registration (seat, code);

-- What the season knows of a child from event `before` on (0: from the first).
CREATE TABLE season_child (
  level {text} NOT NULL,
  before {int} NOT NULL,
  child {int} NOT NULL,
  grounds {blob} NOT NULL,
  PRIMARY KEY (level, before, child)
);

-- Numbered from 0. child, school, approver, second: -1 for none. orders: how many lines of season_order it has.
CREATE TABLE season_event (
  level {text} NOT NULL,
  n {int} NOT NULL,
  at {int} NOT NULL,
  kind {text} NOT NULL,
  child {int} NOT NULL,
  school {int} NOT NULL,
  approver {int} NOT NULL,
  second {int} NOT NULL,
  number {int} NOT NULL,
  orders {int} NOT NULL,
  PRIMARY KEY (level, n)
);
CREATE INDEX season_event_child ON season_event (level, child, n);
CREATE TABLE season_order (
  level {text} NOT NULL,
  n {int} NOT NULL,
  place {int} NOT NULL,
  child {int} NOT NULL,
  begins {int} NOT NULL,
  PRIMARY KEY (level, n, place)
);

-- One child, one seat. A row is there while the child has one.
CREATE TABLE seat_lock (
  child_key {text} PRIMARY KEY,
  level {text} NOT NULL,
  code {text} NOT NULL UNIQUE,
  school {text} NOT NULL,
  since {int} NOT NULL
);

-- Why a child has its seat, or none.
CREATE TABLE seat_answer (
  level {text} NOT NULL,
  child {int} NOT NULL,
  way {text} NOT NULL,
  clause {text} NOT NULL,
  reason {text} NOT NULL,
  rank {int} NOT NULL,
  margin {text} NOT NULL,
  metres {int} NOT NULL,
  wanted {int} NOT NULL,
  school_class {int} NOT NULL,
  ticket {blob} NOT NULL,
  won {int} NOT NULL,
  PRIMARY KEY (level, child)
);

-- A draw: its roll is frozen, the dice are typed in, it is concluded. Files are as published.
CREATE TABLE draw (
  id {text} PRIMARY KEY,
  level {text} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('private', 'lots', 'classes')),
  school {text} NOT NULL,
  district {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('frozen', 'dice', 'concluded')),
  applicants {int} NOT NULL,
  seats {int} NOT NULL,
  frozen_at {int} NOT NULL,
  concluded_at {int},
  n {int}
);
CREATE TABLE draw_file (
  draw {text} NOT NULL REFERENCES draw (id),
  name {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (draw, name)
);

CREATE TABLE seat_over_plan (
  level {text} NOT NULL,
  n {int} NOT NULL,
  school {int} NOT NULL,
  seats {int} NOT NULL,
  approver {int} NOT NULL,
  at {int} NOT NULL,
  over_cap {int} NOT NULL,
  PRIMARY KEY (level, n)
);
CREATE TABLE overflow_place (
  level {text} NOT NULL,
  n {int} NOT NULL,
  child {int} NOT NULL,
  round {int} NOT NULL,
  tier {int} NOT NULL,
  place {int} NOT NULL,
  PRIMARY KEY (level, n)
);

-- What one person asked for and a second must want too.
CREATE TABLE proposal (
  id {text} PRIMARY KEY,
  action {text} NOT NULL,
  object {text} NOT NULL,
  body {text} NOT NULL,
  proposed_by {text} NOT NULL,
  districts {text} NOT NULL,
  at {int} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('open', 'done', 'refused'))
);
