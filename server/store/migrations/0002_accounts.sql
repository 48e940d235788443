-- Who may sign in (server/access). Times are whole seconds of Beijing local time since 1970-01-01T00:00:00.

-- accounts.hpp. `name` is a work name, no person's. `totp` and `totp_pending` are sealed by the ring's key "accounts";
-- codes of steps up to totp_step are used up.
-- `identity` is a keyed hash of who this is at an identity provider. districts and schools: ids, each followed by a blank.
CREATE TABLE account (
  number {int} PRIMARY KEY CHECK (number > 0),
  name {text} NOT NULL UNIQUE,
  role {text} NOT NULL,
  districts {text} NOT NULL,
  schools {text} NOT NULL,
  password {text} NOT NULL,
  identity {blob} UNIQUE,
  totp {blob},
  totp_pending {blob},
  totp_step {int} NOT NULL,
  disabled {int} NOT NULL CHECK (disabled IN (0, 1)),
  version {int} NOT NULL
);

-- sessions.hpp. Only the hash of a token is here; districts and schools are the account's when it signed in.
CREATE TABLE session (
  token_hash {blob} PRIMARY KEY,
  kind {text} NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  subject {text} NOT NULL,
  role {text} NOT NULL,
  districts {text} NOT NULL,
  schools {text} NOT NULL,
  second_factor {int} NOT NULL CHECK (second_factor IN (0, 1)),
  opened {int} NOT NULL,
  seen {int} NOT NULL,
  ends {int} NOT NULL
);
CREATE INDEX session_subject ON session (subject);
CREATE INDEX session_ends ON session (ends);

-- guardians.hpp. `subject` is a keyed hash of the phone, which is sealed by the season's key.
CREATE TABLE guardian (
  subject {text} PRIMARY KEY,
  guardian_phone_sealed {blob} NOT NULL,
  since {int} NOT NULL
);

-- The code sent last, as a keyed hash; none once it was used. Until waits_until the phone is sent no other.
CREATE TABLE guardian_code (
  subject {text} PRIMARY KEY,
  code {blob},
  tries_left {int} NOT NULL CHECK (tries_left >= 0),
  expires {int} NOT NULL,
  waits_until {int} NOT NULL
);
