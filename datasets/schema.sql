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
