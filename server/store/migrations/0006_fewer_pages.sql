-- What a commit writes is pages, and a key that is a hash or a code at random costs one of its own: those indexes that
-- nothing looks things up by are gone, and those of numbers and seats hold only registrations that have one. A CHECK with
-- IN and three words builds SQLite a table of its own for each row.
CREATE TABLE journal_held (
  number {int} PRIMARY KEY CHECK (number > 0),
  at {int} NOT NULL,
  actor {text} NOT NULL,
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  body {text} NOT NULL,
  hash {blob} NOT NULL
);
INSERT INTO journal_held (number, at, actor, kind, subject, body, hash)
  SELECT number, at, actor, kind, subject, body, hash FROM journal ORDER BY number;
DROP TABLE journal;
ALTER TABLE journal_held RENAME TO journal;

CREATE TABLE registration_held (
  code {text} PRIMARY KEY,
  level {text} NOT NULL,
  number {int},
  child_key {text} NOT NULL UNIQUE,
  guardian {text} NOT NULL,
  district {text} NOT NULL,
  filed_by {text} NOT NULL,
  channel {text} NOT NULL CHECK (channel = 'online' OR channel = 'on_site' OR channel = 'late'),
  stage {text} NOT NULL,
  choice {text} NOT NULL,
  seat {text} NOT NULL,
  answer_by {int},
  version {int} NOT NULL,
  created {int} NOT NULL,
  changed {int} NOT NULL,
  record {blob} NOT NULL
);
INSERT INTO registration_held (code, level, number, child_key, guardian, district, filed_by, channel, stage, choice,
    seat, answer_by, version, created, changed, record)
  SELECT code, level, number, child_key, guardian, district, filed_by, channel, stage, choice, seat, answer_by, version,
    created, changed, record FROM registration;
DROP TABLE registration;
ALTER TABLE registration_held RENAME TO registration;
CREATE UNIQUE INDEX registration_number ON registration (level, number) WHERE number IS NOT NULL;
CREATE INDEX registration_guardian ON registration (guardian, code);
CREATE INDEX registration_district ON registration (district, stage, code);
CREATE INDEX registration_seat ON registration (seat, code) WHERE seat <> '';
