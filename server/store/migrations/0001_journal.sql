-- What every room needs: the chain of what happened, answers kept for repeated requests, messages to send, and who
-- looked at whom. Times are whole seconds of Beijing local time since 1970-01-01T00:00:00.

-- journal.hpp
CREATE TABLE journal (
  number {int} PRIMARY KEY CHECK (number > 0),
  at {int} NOT NULL,
  actor {text} NOT NULL,
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  body {text} NOT NULL,
  hash {blob} NOT NULL UNIQUE
);

-- idempotency.hpp
CREATE TABLE idempotency (
  actor {text} NOT NULL,
  key {text} NOT NULL,
  request_hash {blob} NOT NULL,
  status {int} NOT NULL,
  headers {text} NOT NULL,
  body {blob} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (actor, key)
);

-- outbox.hpp
CREATE TABLE outbox (
  id {text} PRIMARY KEY,
  kind {text} NOT NULL,
  body {blob} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('pending', 'sent', 'given_up')),
  due {int} NOT NULL,
  attempts {int} NOT NULL CHECK (attempts >= 0),
  last_failure {text} NOT NULL,
  settled_at {int}
);
CREATE INDEX outbox_pending ON outbox (due, id) WHERE state = 'pending';

-- Who opened a child's record, and by what right. `object` is a keyed hash or a code; `reason` a case number.
CREATE TABLE access_journal (
  number {int} PRIMARY KEY CHECK (number > 0),
  at {int} NOT NULL,
  actor {text} NOT NULL,
  role {text} NOT NULL,
  action {text} NOT NULL,
  object {text} NOT NULL,
  reason {text} NOT NULL
);
CREATE INDEX access_journal_object ON access_journal (object, number);
CREATE INDEX access_journal_actor ON access_journal (actor, number);
