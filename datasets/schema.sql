-- The city package: one GeoPackage 1.3 file that QGIS opens, ogr2ogr feeds and SQLite reads.
-- Positions are CGCS2000 longitude, latitude (EPSG:4490) in degrees, rounded to 1e-7. Every table has a `source`: the
-- name of the import that wrote the row, so that importing the same source again replaces just those rows.
-- Feature tables come first (geom is a GeoPackage blob), attribute tables after.

CREATE TABLE catchment_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
-- keys: schema_version, city, synthetic ('yes' if made by `catchment synth`), attribution

CREATE TABLE zone (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- MULTIPOLYGON
  id TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('primary', 'junior', 'senior')),
  school_year INTEGER NOT NULL,             -- the year it begins in
  kind TEXT NOT NULL DEFAULT 'general',
  name TEXT NOT NULL DEFAULT '',
  notice_id TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL DEFAULT '',      -- ISO date
  valid_to TEXT NOT NULL DEFAULT '',        -- ISO date, exclusive
  source TEXT NOT NULL DEFAULT '',
  UNIQUE (stage, school_year, kind, id));

CREATE TABLE campus (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- POINT: the main gate
  id TEXT NOT NULL UNIQUE,
  school_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE address (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- POINT, or NULL when only the text is known
  id TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL DEFAULT '',
  door TEXT NOT NULL DEFAULT '',
  estate TEXT NOT NULL DEFAULT '',
  unit_id TEXT NOT NULL DEFAULT '',
  error_m REAL NOT NULL DEFAULT 0,          -- how far the point may be from the door; 0 = not stated
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE street (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- LINESTRING
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'residential', -- trunk | secondary | residential | path
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE barrier (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- LINESTRING
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'river',       -- river | rail | trunk_road
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE unit (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- MULTIPOLYGON
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE housing (
  fid INTEGER PRIMARY KEY,
  geom BLOB,                                -- POINT or NULL
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  unit_id TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'commodity',   -- commodity | resettlement | public_rental | other
  dwellings INTEGER NOT NULL DEFAULT 0,
  completion_year INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '');

CREATE TABLE school (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  stages TEXT NOT NULL,                     -- comma-separated: primary,junior
  status TEXT NOT NULL DEFAULT 'open',      -- open | planned | closed
  ownership TEXT NOT NULL DEFAULT 'public', -- public | private
  source TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE zone_school (                  -- which schools a zone names; two or more: a declared shared zone
  stage TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT 'general',
  zone_id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (stage, school_year, kind, zone_id, school_id)) STRICT;

CREATE TABLE notice (
  id TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  bureau TEXT NOT NULL DEFAULT '',
  published TEXT NOT NULL DEFAULT '',       -- ISO date
  url TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE feeder (
  from_school_id TEXT NOT NULL,
  to_school_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  share REAL NOT NULL DEFAULT 1.0,          -- of the graduates, 0-1
  condition TEXT NOT NULL DEFAULT '',       -- in the notice's words; empty = all
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (from_school_id, to_school_id, school_year, condition)) STRICT;

CREATE TABLE unit_children (
  unit_id TEXT NOT NULL,
  year INTEGER NOT NULL,                    -- counted on 31 August
  age INTEGER NOT NULL,                     -- whole years on that day
  children INTEGER NOT NULL CHECK (children >= 0),
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (unit_id, year, age)) STRICT;

CREATE TABLE enrolment (
  school_id TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  grade INTEGER NOT NULL,
  classes INTEGER NOT NULL DEFAULT 0 CHECK (classes >= 0),
  pupils INTEGER NOT NULL CHECK (pupils >= 0),
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (school_id, school_year, grade)) STRICT;

CREATE TABLE birth (
  unit_id TEXT NOT NULL,
  year INTEGER NOT NULL,
  month INTEGER NOT NULL DEFAULT 0,         -- 1-12; 0 = the whole year
  births INTEGER NOT NULL CHECK (births >= 0),
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (unit_id, year, month)) STRICT;

CREATE TABLE plan (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL,
  school_year INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT 'general',
  source TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE plan_unit (
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  school_id TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, unit_id)) STRICT;

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
