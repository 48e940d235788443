-- Draws of head teachers beside the others: the words a draw's kind may be, once more.
CREATE TABLE draw_held (
  id {text} PRIMARY KEY,
  level {text} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('private', 'lots', 'classes', 'heads')),
  school {text} NOT NULL,
  district {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('frozen', 'dice', 'concluded')),
  applicants {int} NOT NULL,
  seats {int} NOT NULL,
  frozen_at {int} NOT NULL,
  concluded_at {int},
  n {int}
);
INSERT INTO draw_held (id, level, kind, school, district, state, applicants, seats, frozen_at, concluded_at, n)
  SELECT id, level, kind, school, district, state, applicants, seats, frozen_at, concluded_at, n FROM draw;
CREATE TABLE draw_file_held (
  draw {text} NOT NULL REFERENCES draw_held (id),
  name {text} NOT NULL,
  body {text} NOT NULL,
  PRIMARY KEY (draw, name)
);
INSERT INTO draw_file_held (draw, name, body) SELECT draw, name, body FROM draw_file;
DROP TABLE draw_file;
DROP TABLE draw;
ALTER TABLE draw_held RENAME TO draw;
ALTER TABLE draw_file_held RENAME TO draw_file;
