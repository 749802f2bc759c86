--# E1 validating a table with a new constraint
--# agree
--# bad: add-check
alter table races add constraint races_laps_check check (laps > 0);
--# good:
alter table races add constraint races_laps_check check (laps > 0) not valid;

--# E2 validating a table with a new NOT NULL
--# agree
--# bad: set-not-null
alter table races alter column title set not null;
--# good: validate-same-transaction
alter table races add constraint races_title_there check (title is not null) not valid;
alter table races validate constraint races_title_there;
alter table races alter column title set not null;

--# E3 adding a new JSON column
--# disagree: Directus itself makes its JSON fields of type json, and a snapshot says which it is; the type loses nothing
--# bad:
alter table races add column extra json;
--# good:
alter table races add column extra jsonb;

--# E4 running more statements after ACCESS EXCLUSIVE
--# partly: a revision is one transaction, so there is always a next statement; it is a hazard where that one is slow
--# bad: update-all-rows, long-lock
alter table races add column season text;
update races set season = '2026';
--# good:
alter table races add column season text;

--# E5 a type change that rewrites the table
--# agree
--# bad: change-column-type
alter table results alter column points type bigint;
--# good:
alter table results add column points_wide bigint;

--# E6 a new index on a table that is in use
--# agree: CONCURRENTLY runs outside of the revision's transaction
--# bad: create-index
create index results_points_idx on results (points);
--# good:
create index concurrently results_points_idx on results (points);

--# E7 a new unique constraint that builds its index
--# agree
--# bad: add-unique
alter table riders add constraint riders_licence_key unique (licence);
--# good:
alter table riders add constraint riders_licence_key unique using index riders_licence_idx;

--# E8 a new exclusion constraint
--# agree
--# bad: add-exclusion
alter table stages add constraint stages_apart exclude using gist (period with &&);

--# E9 a dangerous lock without a timeout
--# disagree: reconcile sets lock_timeout before anything runs, and tries again; taking it off is the hazard
--# bad:
alter table races add column note text;
--# bad: lock-timeout-off
set local lock_timeout = 0;
alter table races add column note text;
--# good:
set local lock_timeout = '1s';
alter table races add column note text;

--# E10 rewriting a table while others are locked
--# agree
--# bad: change-column-type, long-lock
alter table riders add column bio text;
alter table results alter column points type bigint;
--# good:
alter table riders add column bio text;

--# E11 a SERIAL or GENERATED STORED column
--# agree
--# bad: add-serial-column
alter table results add column seq bigserial;
--# bad: add-generated-column
alter table results add column total int generated always as (points + bonus) stored;
--# good:
alter table results add column seq bigint;

--# W12 several ALTER TABLE where one would do
--# partly: each of them is shown as the scan that it is; that one ALTER could do both is style
--# bad: set-not-null
alter table riders alter column name set not null;
alter table riders alter column licence set not null;
--# good: set-not-null
alter table riders alter column name set not null, alter column licence set not null;

--# W13 a new enum
--# disagree: an enum is a choice of the schema; what is a hazard is to rename a value, or to use a new one too early
--# bad:
create type surface as enum ('gravel', 'sand');
--# good:
create table surfaces (name text primary key);

--# W14 a primary key from an index on columns that may be NULL
--# partly: with the database at hand the index and its columns are looked up; from the text alone nobody can tell
--# bad:
alter table riders add constraint riders_pkey primary key using index riders_licence_idx;
--# good: set-not-null
alter table riders alter column licence set not null;
alter table riders add constraint riders_pkey primary key using index riders_licence_idx;

--# E15 a foreign key without an index
--# agree
--# bad: foreign-key-lock, foreign-key-without-index
create table laps (id bigint primary key, race_id bigint not null references races (id));
create index laps_some_idx on laps (race_id) where race_id > 7;
--# good: foreign-key-lock
create table laps (id bigint primary key, race_id bigint not null references races (id));
create index laps_race_idx on laps (race_id);
