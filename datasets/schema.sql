-- The city package: one GeoPackage 1.3 file that QGIS opens, ogr2ogr feeds and SQLite reads.
-- Positions are CGCS2000 longitude, latitude (EPSG:4490) in degrees, rounded to 1e-7. Every table has a `source`: the
-- name of the import that wrote the row, so that importing the same source again replaces just those rows.
-- GeoPackage wants of every table an integer key that is the rowid (`fid`) and of every geometry column its type as the
-- declared type; so the ids of ours are unique indexes, named <table>_key, which a bulk load may build last.
-- Feature tables come first (geom is a GeoPackage blob), attribute tables after.

CREATE TABLE catchment_meta (
  fid INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  value TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX catchment_meta_key ON catchment_meta (key);
-- keys: schema_version, city, synthetic ('yes' if made by `catchment synth`), attribution, sub_forms_equal ('yes' where
-- 12-1号, 12号附1号 and 12号之一 are one door)

CREATE TABLE zone (
  fid INTEGER PRIMARY KEY,
  geom MULTIPOLYGON,                        -- NULL when only the id is known
  id TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('primary', 'junior', 'senior')),
  school_year INTEGER NOT NULL,             -- the year it begins in
  kind TEXT NOT NULL DEFAULT 'general',
  name TEXT NOT NULL DEFAULT '',
  notice_id TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL DEFAULT '',      -- ISO date
  valid_to TEXT NOT NULL DEFAULT '',        -- ISO date, exclusive
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX zone_key ON zone (stage, school_year, kind, id);

CREATE TABLE campus (
  fid INTEGER PRIMARY KEY,
  geom POINT NOT NULL,                      -- the main gate
  id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX campus_key ON campus (id);

CREATE TABLE address (
  fid INTEGER PRIMARY KEY,
  geom POINT,                               -- NULL when only the text is known
  id TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL DEFAULT '',
  door TEXT NOT NULL DEFAULT '',
  estate TEXT NOT NULL DEFAULT '',
  unit_id TEXT NOT NULL DEFAULT '',
  error_m REAL NOT NULL DEFAULT 0,          -- how far the point may be from the door; 0 = not stated
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX address_key ON address (id);

CREATE TABLE street (
  fid INTEGER PRIMARY KEY,
  geom LINESTRING NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'residential', -- trunk | secondary | residential | path
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX street_key ON street (id);

CREATE TABLE barrier (
  fid INTEGER PRIMARY KEY,
  geom LINESTRING NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'river',       -- river | rail | trunk_road
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX barrier_key ON barrier (id);

CREATE TABLE unit (
  fid INTEGER PRIMARY KEY,
  geom MULTIPOLYGON,                        -- NULL when only the id is known
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  district_id TEXT NOT NULL DEFAULT '',     -- the place of kind district it lies in; empty: not known
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX unit_key ON unit (id);

CREATE TABLE housing (
  fid INTEGER PRIMARY KEY,
  geom POINT,
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  unit_id TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'commodity',   -- commodity | resettlement | public_rental | other
  dwellings INTEGER NOT NULL DEFAULT 0,
  completion_year INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX housing_key ON housing (id);

-- A named area or spot that addresses and notices mention beside streets.
CREATE TABLE place (
  fid INTEGER PRIMARY KEY,
  geom MULTIPOLYGON,                        -- NULL when only its position is known, or not even that
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('district', 'town', 'community', 'village', 'estate', 'institution')),
  name TEXT NOT NULL,
  parent_id TEXT NOT NULL DEFAULT '',       -- the place it lies in; empty: the city
  lon REAL,                                 -- its position (a gate, a centre) in degrees; NULL when not known
  lat REAL,
  source TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX place_key ON place (id);

CREATE TABLE school (
  fid INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  stages TEXT NOT NULL,                     -- comma-separated: primary,junior
  status TEXT NOT NULL DEFAULT 'open',      -- open | planned | closed
  ownership TEXT NOT NULL DEFAULT 'public', -- public | private
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX school_key ON school (id);

-- Which schools a zone names; two or more: a declared shared zone.
CREATE TABLE zone_school (
  fid INTEGER PRIMARY KEY,
  stage TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT 'general',
  zone_id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX zone_school_key ON zone_school (stage, school_year, kind, zone_id, school_id);

CREATE TABLE notice (
  fid INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  bureau TEXT NOT NULL DEFAULT '',
  published TEXT NOT NULL DEFAULT '',       -- ISO date
  url TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',           -- where a family may ask
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX notice_key ON notice (id);

-- One row of a notice as published: a school, or one campus of it, and the words of its zone. The words are the law; the
-- shape of the zone named is derived from them.
CREATE TABLE zone_row (
  fid INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('primary', 'junior', 'senior')),
  school_year INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT 'general',
  school_id TEXT NOT NULL,
  campus TEXT NOT NULL DEFAULT '',          -- as the notice names it
  text TEXT NOT NULL DEFAULT '',            -- unchanged, line breaks included
  notice_id TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',           -- where in the notice: "sheet 1, row 7"
  phone TEXT NOT NULL DEFAULT '',           -- empty: the notice's
  remark TEXT NOT NULL DEFAULT '',
  zone_id TEXT NOT NULL DEFAULT '',         -- of the same layer; empty: the words give no area
  classes INTEGER,                          -- planned; NULL when the row does not say
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX zone_row_key ON zone_row (stage, school_year, kind, id);

-- Another name of a street, a place or a door.
CREATE TABLE alias (
  fid INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                       -- street | door | a kind of place
  name TEXT NOT NULL,                       -- the one the city uses; a door with its street: 建设路142号
  alias TEXT NOT NULL,
  relation TEXT NOT NULL DEFAULT 'former',  -- legal | promoted | former | temporary | short
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX alias_key ON alias (kind, name, alias);

CREATE TABLE feeder (
  fid INTEGER PRIMARY KEY,
  from_school_id TEXT NOT NULL,
  to_school_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  share REAL NOT NULL DEFAULT 1.0,          -- of the graduates, 0-1
  condition TEXT NOT NULL DEFAULT '',       -- in the notice's words; empty = all
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX feeder_key ON feeder (from_school_id, to_school_id, school_year, condition);

CREATE TABLE unit_children (
  fid INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  year INTEGER NOT NULL,                    -- counted on 31 August
  age INTEGER NOT NULL,                     -- whole years on that day
  children INTEGER NOT NULL CHECK (children >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX unit_children_key ON unit_children (unit_id, year, age);

CREATE TABLE enrolment (
  fid INTEGER PRIMARY KEY,
  school_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  grade INTEGER NOT NULL,
  classes INTEGER NOT NULL DEFAULT 0 CHECK (classes >= 0),
  pupils INTEGER NOT NULL CHECK (pupils >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX enrolment_key ON enrolment (school_id, school_year, grade);

CREATE TABLE birth (
  fid INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  year INTEGER NOT NULL,
  month INTEGER NOT NULL DEFAULT 0,         -- 1-12; 0 = the whole year
  births INTEGER NOT NULL CHECK (births >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX birth_key ON birth (unit_id, year, month);

-- Entry-grade pupils by where they come from; of a school with two stages, those of its first. A school and year without
-- rows: all of its zone.
CREATE TABLE intake (
  fid INTEGER PRIMARY KEY,
  school_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  stream TEXT NOT NULL CHECK (stream IN ('zone', 'out_of_area', 'migrant')),
  pupils INTEGER NOT NULL CHECK (pupils >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX intake_key ON intake (school_id, school_year, stream);

-- Children who will reach the entry age of primary school, as counted ahead of the season.
CREATE TABLE survey_count (
  fid INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,             -- the one they will enter in
  children INTEGER NOT NULL CHECK (children >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX survey_count_key ON survey_count (unit_id, school_year);

-- Which school goes on with the past of another, that was renamed or merged into it.
CREATE TABLE school_successor (
  fid INTEGER PRIMARY KEY,
  old_id TEXT NOT NULL,                     -- as earlier rows name it; need not be in `school` any more
  new_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,             -- the first under the new id
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX school_successor_key ON school_successor (old_id);

-- General classrooms of a campus from a school year on, until its next row; special rooms do not count.
CREATE TABLE rooms (
  fid INTEGER PRIMARY KEY,
  campus_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  rooms INTEGER NOT NULL CHECK (rooms >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX rooms_key ON rooms (campus_id, school_year);

-- What has one line, and one number of seats, in an admission plan: a stage of a school on one campus or several. Not the
-- school, which may have several of them, and not the campus, which may teach some of its grades only. A school without
-- rows has one for each of its stages, on all its campuses, and its id is the school's: wherever a column is called
-- admission_unit_id, a school's id stands for that one.
CREATE TABLE admission_unit (
  fid INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('primary', 'junior', 'senior')),
  name TEXT NOT NULL DEFAULT '',
  plan_number TEXT NOT NULL DEFAULT '',     -- as published
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX admission_unit_key ON admission_unit (id);

-- The campuses of an admission unit and which of its grades each teaches.
CREATE TABLE admission_unit_campus (
  fid INTEGER PRIMARY KEY,
  admission_unit_id TEXT NOT NULL,
  campus_id TEXT NOT NULL,
  first_grade INTEGER NOT NULL DEFAULT 0,   -- 0: the first of the stage
  last_grade INTEGER NOT NULL DEFAULT 0,    -- 0: the last of the stage
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX admission_unit_campus_key ON admission_unit_campus (admission_unit_id, campus_id);

-- The published plan of an entry grade: it has no more than this, whatever the rooms would hold.
CREATE TABLE admission_plan (
  fid INTEGER PRIMARY KEY,
  admission_unit_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  classes INTEGER,                          -- NULL: not said
  seats INTEGER,                            -- NULL: not said
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX admission_plan_key ON admission_plan (admission_unit_id, school_year);

-- Another class cap than the rule's, as approved. It holds for the school years from from_year on that begin (on
-- 1 September) on `until` or before; without approver, reason or end it is none.
CREATE TABLE cap_exception (
  fid INTEGER PRIMARY KEY,
  admission_unit_id TEXT NOT NULL,
  grade INTEGER NOT NULL DEFAULT 0,         -- 0: all
  from_year INTEGER NOT NULL,
  until TEXT NOT NULL DEFAULT '',           -- ISO date, that day included
  cap INTEGER NOT NULL CHECK (cap > 0),     -- pupils a class
  reason TEXT NOT NULL DEFAULT '',
  approved_by TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX cap_exception_key ON cap_exception (admission_unit_id, grade, from_year);

-- Seats set aside.
CREATE TABLE reserved_seats (
  fid INTEGER PRIMARY KEY,
  admission_unit_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  grade INTEGER NOT NULL DEFAULT 0,         -- 0: the entry grade
  kind TEXT NOT NULL CHECK (kind IN ('direct_promotion', 'attached_estate', 'policy_group')),
  seats INTEGER NOT NULL CHECK (seats >= 0),
  in_demand TEXT NOT NULL DEFAULT 'no' CHECK (in_demand IN ('yes', 'no')),  -- past enrolment counts such children too
  reason TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX reserved_seats_key ON reserved_seats (admission_unit_id, school_year, grade, kind);

-- Seats that the bureau bought in private schools.
CREATE TABLE purchased_seats (
  fid INTEGER PRIMARY KEY,
  school_id TEXT NOT NULL,                  -- the private school
  admission_unit_id TEXT NOT NULL DEFAULT '',  -- for the children of whose zone; empty: of the whole city
  school_year INTEGER NOT NULL,
  grade INTEGER NOT NULL DEFAULT 0,         -- 0: the entry grade
  seats INTEGER NOT NULL CHECK (seats >= 0),
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX purchased_seats_key ON purchased_seats (school_id, admission_unit_id, school_year, grade);

CREATE TABLE plan (
  fid INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT 'general',
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX plan_key ON plan (id);

CREATE TABLE plan_unit (
  fid INTEGER PRIMARY KEY,
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '') STRICT;
CREATE UNIQUE INDEX plan_unit_key ON plan_unit (plan_id, unit_id);

CREATE TABLE import_run (                   -- what each import did, newest last
  run INTEGER PRIMARY KEY,
  source TEXT NOT NULL,                     -- the name rows carry
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,                     -- of the source file
  crs TEXT NOT NULL,                        -- as declared: EPSG:n, GCJ02, BD09
  target TEXT NOT NULL,                     -- the table written
  rows_read INTEGER NOT NULL,
  rows_refused INTEGER NOT NULL,
  rows_added INTEGER NOT NULL,
  rows_changed INTEGER NOT NULL,
  rows_removed INTEGER NOT NULL,
  rows_unchanged INTEGER NOT NULL) STRICT;
