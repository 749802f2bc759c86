--# adding-field-with-default
--# agree: from PostgreSQL 11 on a constant, and what is stable, is kept in the catalog
--# bad: add-volatile-default
alter table races add column token uuid default gen_random_uuid();
--# bad: add-volatile-default
alter table races add column tag jsonb default make_tag();
--# bad: add-generated-column
alter table races add column pace numeric generated always as (distance / laps) stored;
--# good:
alter table races add column laps_done int default 0 not null;
alter table races add column seen_at timestamptz default now() - interval '1 day';
alter table races add column labels text[] default array[]::text[];

--# adding-foreign-key-constraint
--# agree: NOT VALID still stops writers of both tables, for a moment, and is shown as that
--# bad: add-foreign-key, foreign-key-without-index
alter table results add constraint results_rider_fk foreign key (rider_id) references riders (id);
--# bad: foreign-key-lock, foreign-key-without-index
alter table results add column rider_id bigint references riders (id);
--# good: foreign-key-lock
create table entries (rider_id bigint primary key references riders (id));
drop table entries;

--# adding-not-nullable-field
--# agree
--# bad: set-not-null
alter table results alter column points set not null;
--# bad: set-not-null, validate-same-transaction
alter table results add constraint results_bonus_there check (bonus is not null) not valid;
alter table results validate constraint results_bonus_there;
alter table results alter column points set not null;
--# good:
alter table results validate constraint results_points_there;
alter table results alter column points set not null;
alter table results drop constraint results_points_there;

--# adding-serial-primary-key-field
--# agree
--# bad: add-serial-column, add-primary-key
alter table results add column id bigserial primary key;
--# bad: add-primary-key
alter table results add primary key (rider_id, race_id);
--# good:
alter table results add constraint results_pkey primary key using index results_id_idx;

--# adding-required-field
--# agree
--# bad: add-required-column
alter table races add column country text not null;
--# good:
alter table races add column country text not null default 'AL';
alter table races add column city text;

--# ban-alter-domain-with-add-constraint
--# partly: NOT VALID reads no table, so it is fine; SET NOT NULL reads them all, so it is not
--# bad: alter-domain
alter domain points add constraint points_positive check (value >= 0);
--# bad: alter-domain
alter domain points set not null;
--# good:
alter domain points add constraint points_positive check (value >= 0) not valid;
alter domain points drop constraint points_old;

--# ban-char-field
--# disagree: style; char(n) harms nobody, and a snapshot says which type a field has
--# bad:
create table codes (id bigint primary key, code char(3));
--# good:
create table codes (id bigint primary key, code text);

--# ban-concurrent-index-creation-in-transaction
--# agree: in a file with other statements; alone in one it runs outside of the transaction
--# bad: refused
alter table races add column title_length integer;
create index concurrently races_title_idx on races (title);
--# good: create-index
create index races_title_idx on races (title);

--# ban-create-domain-with-constraint
--# disagree: a new domain has no rows; adding a constraint to it later, or a column of it, is what is shown
--# bad:
create domain grade as int check (value between 1 and 6);
--# good:
create domain grade as int;

--# ban-drop-column
--# agree: held where the table has rows
--# bad: drop-column
alter table riders drop column licence;
--# bad: drop-column, drop-cascade
alter table riders drop column licence cascade;
--# good:
alter table riders add column draft text;
alter table riders drop column draft;

--# ban-drop-database
--# agree: refused before anything runs
--# bad: refused
drop database rally;

--# ban-drop-not-null
--# agree
--# bad: drop-not-null
alter table riders alter column name drop not null;

--# ban-drop-table
--# agree: held where it has rows
--# bad: drop-table
drop table riders;
--# good:
create temporary table staging (id bigint);
drop table staging;

--# ban-duplicate-column-assignments
--# disagree: PostgreSQL refuses it itself, and the revision rolls back as a whole
--# bad:
update races set laps = 1, laps = 2 where id = 1;
--# good:
update races set laps = 2 where id = 1;

--# ban-truncate-cascade
--# partly: without CASCADE the rows are gone just as well
--# bad: truncate
truncate races, results cascade;
--# bad: truncate
truncate races;
--# good:
delete from races where cancelled;

--# ban-uncommitted-transaction
--# agree: refused; the transaction is the controller's
--# bad: refused
begin;
create table pits (id bigint primary key);
--# good:
create table pits (id bigint primary key);

--# changing-column-type
--# partly: with the database at hand, a change that PostgreSQL makes without a rewrite is none
--# bad: change-column-type
alter table results alter column points type text using points::text;
--# bad: change-column-type, lossy-type-change
alter table results alter column points type int using length(points);

--# constraint-missing-not-valid
--# agree: to validate in the same transaction keeps the lock, and is shown
--# bad: add-check
alter table riders add constraint riders_age check (age >= 16);
--# bad: validate-same-transaction
alter table riders add constraint riders_age check (age >= 16) not valid;
alter table riders validate constraint riders_age;
--# good:
alter table riders validate constraint riders_age;
--# good:
create table teams (id bigint primary key, size int);
alter table teams add constraint teams_size check (size > 0);

--# disallowed-unique-constraint
--# agree
--# bad: add-unique
alter table riders add constraint riders_number_key unique (number);
--# bad: add-unique
alter table riders add column badge text unique;
--# good:
alter table riders add constraint riders_number_key unique using index riders_number_idx;
create table plates (id bigint primary key, text text);
alter table plates add constraint plates_text_key unique (text);

--# identifier-too-long
--# agree
--# bad: name-too-long
create table rankings_of_all_the_riders_that_started_in_any_of_the_stages_of_2026 (id bigint);
--# good:
create table rankings (id bigint);

--# prefer-bigint-over-int
--# disagree: style; a key that runs full is no matter of how the change is applied
--# bad:
create table waypoints (id int);
--# good:
create table waypoints (id bigint);

--# prefer-bigint-over-smallint
--# disagree: style, as above
--# bad:
create table waypoints (id smallint);
--# good:
create table waypoints (id bigint);

--# prefer-identity
--# disagree: Directus makes its keys serial; changing them would be drift
--# bad:
create table waypoints (id serial primary key);
--# good:
create table waypoints (id bigint generated by default as identity primary key);

--# prefer-repack
--# agree: VACUUM FULL cannot run in a transaction, and is refused
--# bad: cluster
cluster results using results_pkey;
--# bad: refused
vacuum full results;
--# good: refused
vacuum results;

--# prefer-robust-stmts
--# disagree: a file runs once and entirely, or not at all; IF NOT EXISTS would hide a table of another shape
--# bad:
create table boxes (id bigint primary key);
--# good:
create table if not exists boxes (id bigint primary key);

--# prefer-text-field
--# disagree: style; to widen a varchar takes no rewrite
--# bad:
create table boxes (id bigint primary key, label varchar(40));
--# good:
create table boxes (id bigint primary key, label text);

--# prefer-timestamptz
--# disagree: style; Directus has fields of both kinds, and a snapshot says which
--# bad:
create table pauses (id bigint primary key, since timestamp);
--# good:
create table pauses (id bigint primary key, since timestamptz);

--# renaming-column
--# agree
--# bad: rename-column
alter table riders rename column name to full_name;
--# good:
alter table riders add column full_name text;

--# renaming-table
--# agree
--# bad: rename-table
alter table riders rename to drivers;
--# good:
create view drivers as select * from riders;

--# require-concurrent-index-creation
--# agree
--# bad: create-index
create unique index on riders (licence);
--# good:
create table marshals (id bigint primary key, name text);
create index on marshals (name);

--# require-concurrent-index-deletion
--# agree
--# bad: drop-index
drop index if exists riders_licence_idx;
--# good:
drop index concurrently riders_licence_idx;

--# require-concurrent-partition-detach
--# agree
--# bad: detach-partition
alter table positions detach partition positions_2024;
--# good:
alter table positions detach partition positions_2024 concurrently;

--# require-concurrent-reindex
--# agree: of a schema, a database or the system it is refused
--# bad: reindex
reindex table riders;
--# bad: reindex
reindex index riders_licence_idx;
--# bad: refused
reindex schema public;
--# good:
reindex (concurrently) index riders_licence_idx;

--# require-enum-value-ordering
--# disagree: style; the order of an enum matters to few. What fails is to use the value in the same revision
--# bad:
alter type surface add value 'mud';
--# bad: enum-value-used
alter type surface add value 'mud';
insert into stages (surface) values ('mud');
--# good:
alter type surface add value 'mud' after 'sand';

--# require-lock-timeout
--# disagree: reconcile sets it for every revision; taking it off is the hazard
--# bad:
alter table riders add column nick text;
--# bad: lock-timeout-off
reset lock_timeout;
alter table riders add column nick text;
--# good:
set local lock_timeout = '2s';
alter table riders add column nick text;

--# require-statement-timeout
--# disagree: the wait for a lock is limited; cutting off work half done helps nobody, as nothing of it would stay
--# bad:
alter table riders add column nick text;
--# good:
set local statement_timeout = '5s';
alter table riders add column nick text;

--# require-table-schema
--# disagree: every file begins with the role's own search path; names are looked up as PostgreSQL would
--# bad:
create table flags (id bigint primary key);
--# good:
create table public.flags (id bigint primary key);

--# transaction-nesting
--# agree: refused
--# bad: refused
begin;
begin;
--# bad: refused
update races set laps = 1 where id = 1;
commit;
--# good:
update races set laps = 1 where id = 1;

--# syntax-error
--# agree: the server's own parser reads what the built-in one cannot, before anything runs
--# bad: unread-statement
create tabel flags (id bigint);
--# good:
create table flags (id bigint);
