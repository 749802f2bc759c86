--# losses of data
--# agree
--# bad: drop-table, drop-cascade
drop table if exists races, results cascade;
--# bad: drop-schema
drop schema archive cascade;
--# good:
drop schema archive;
--# bad: drop-owned
drop owned by intern;
--# bad: drop-type
drop type surface cascade;
--# bad: drop-type
drop collation german cascade;
--# good:
drop type surface;
--# bad: drop-extension
drop extension postgis cascade;
--# bad: drop-sequence
drop sequence race_numbers;
--# bad: drop-materialized-view
drop materialized view standings;
--# bad: delete-all-rows
delete from results;
--# bad: delete-all-rows
delete from results where true;
--# bad: delete-all-rows
with gone as (delete from results returning id) select count(*) from gone;
--# bad: delete-all-rows
insert into races (id) with gone as (delete from results returning id) select id from gone;
--# bad: delete-all-rows
create table kept as with gone as (delete from results returning *) select * from gone;
--# bad: delete-all-rows
explain analyze delete from results;
--# good:
delete from results using races where races.id = results.race_id;
--# bad: update-all-rows
update results set points = 0;
--# good:
update results set points = 0 where points is null;
--# bad: truncate
truncate table public.results;

--# what a plan has made is at nobody's risk
--# agree
--# good:
create table pits (id int, name text);
create unique index on pits (name);
alter table pits add primary key (id), alter column name set not null, alter column id type bigint;
delete from pits;
drop table pits;
--# good:
create table copy as select * from races;
truncate copy;
--# good:
select * into copy from races;
drop table copy;
--# bad: create-index
create table if not exists races (id int);
create index on races (id);
--# bad: create-index
create table archive.pits (id int);
create index on pits (id);
--# good:
set search_path = archive, public;
create table pits (id int);
create index on archive.pits (id);

--# renamed and then dropped is dropped
--# agree
--# bad: rename-table, drop-table
alter table races rename to races_old;
create table races (id bigint primary key);
drop table races_old;
--# bad: rename-column, drop-column
alter table races rename column laps to rounds;
alter table races drop column rounds;

--# what cannot be seen
--# agree
--# bad: do-block
do $$ begin execute 'drop ' || 'table races'; end $$;
--# bad: do-block
do $$ begin execute format('drop table %I', 'races'); end $$;
--# bad: do-block
do language plpython3u $$ plpy.execute("drop table races") $$;
--# good:
do $$ declare n int := 0; begin perform 1; if n > 0 then raise notice 'many'; end if; end $$;
--# bad: drop-table
do $$
begin
  if exists (select from races) then drop table races; end if;
end
$$;
--# bad: delete-all-rows
do $x$ declare r record; begin for r in select 1 loop delete from results; end loop; end $x$;
--# bad: truncate
do $$ begin execute 'truncate races'; exception when others then null; end $$;
--# bad: do-block
do $$ declare n int; begin delete from results returning id into n; end $$;
--# bad: do-block
do $$ declare r record; begin for r in execute 'select ' || '1' loop null; end loop; end $$;
--# bad: delete-all-rows
do $$ declare r record; begin for r in delete from results returning id loop null; end loop; end $$;
--# bad: call-function
do $$ begin perform tidy_up(); end $$;
--# bad: do-block
do 'begin drop table races; end';
--# bad: call
call tidy_up();
--# bad: call-function
select create_hypertable('positions', 'at');
--# bad: call-function
(select tidy_up());
--# bad: copy-program
copy races from program 'curl example';

--# a statement that takes its time while others are locked
--# agree
--# bad: create-index, long-lock
alter table riders add column bio text;
create index on results (points);
--# good: create-index
create index on results (points);
alter table riders add column bio text;
--# good: create-index, add-foreign-key
alter table results add foreign key (rider_id) references riders (id);
alter table results validate constraint results_old_fk, disable trigger all, set (fillfactor = 90);
create index on results (rider_id);

--# tables and partitions
--# agree
--# bad: attach-partition
alter table positions attach partition positions_2027 for values from ('2027-01-01') to ('2028-01-01');
--# bad: create-partition
create table positions_2028 partition of positions for values from ('2028-01-01') to ('2029-01-01');
--# bad: set-logged
alter table races set unlogged;
--# bad: move-table
alter table races set tablespace fast;
--# bad: refresh-materialized-view
refresh materialized view standings;
--# good:
refresh materialized view concurrently standings;

--# names and rights
--# agree
--# bad: rename-schema
alter schema archive rename to attic;
--# bad: rename-enum-value
alter type surface rename value 'sand' to 'dunes';
--# bad: rename-table
alter table races set schema archive;
--# bad: disable-row-security
alter table races disable row level security;
--# bad: drop-policy
drop policy own_rows on races;
--# bad: drop-cascade
drop function points_of(int) cascade;
--# good:
alter index races_pkey rename to races_key;
comment on table races is 'All of them';
grant select on races to reader;
insert into races (id) values (1);

--# a type change by its USING
--# agree
--# bad: change-column-type, lossy-type-change
alter table riders alter column extra type text using extra->>'name';
--# bad: change-column-type
alter table riders alter column extra type jsonb using extra;
