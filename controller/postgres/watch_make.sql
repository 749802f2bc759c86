-- Says at once that somebody else has changed the schema, or what Directus says about it, and keeps who it was. Only
-- somebody may use it whose triggers these are. Whoever changes this raises the layout number below.
-- Nothing here may break anybody's statement, or make it wait for another transaction: what goes wrong while noting a
-- change is written into the server's log.

create table if not exists reconcile.change (
  id bigint generated always as identity primary key,
  at timestamptz not null default pg_catalog.clock_timestamp(),
  role text not null,
  application text not null,
  address text not null,             -- empty: the local socket
  command text not null,             -- ALTER TABLE; UPDATE directus_fields
  objects text[] not null,           -- that it was about, as PostgreSQL names them, or collection and field
  statement text not null            -- as it was sent, without literals; empty where it may hold a password
);
comment on table reconcile.change is 'The newest changes that were not made by a pass, watch layout 2';
revoke all on reconcile.change from public;

-- What is left where each string literal is '...', since a statement may hold a token or somebody's rows. Where only
-- PostgreSQL's own parser can tell where a literal ends (backslashes, comments in comments), all ends at the first
-- quote; so it does where dollars quote.
create or replace function reconcile.without_literals(sent text) returns text language plpgsql immutable
set search_path = pg_catalog, pg_temp set standard_conforming_strings = on as $$
declare
  shown text := pg_catalog.regexp_replace(pg_catalog.left(sent, 4000), '[$]\w*[$].*', '''');
begin
  if shown ~ '\\|/[*]' then
    shown := pg_catalog.regexp_replace(shown, '''.*', '''');
  end if;
  -- A name or a comment may have an apostrophe, so each is one part, as a literal is.
  return (select pg_catalog.string_agg(case when part[1] like '''%' then '''...''' else part[1] end, '' order by number)
          from pg_catalog.regexp_matches(shown, '("[^"]*"?|--[^\n\r]*|''(?:[^'']|'''')*''?|[^"''-]+|-)', 'g')
               with ordinality parts(part, number));
end $$;
revoke all on function reconcile.without_literals(text) from public;

-- Who locks the table, to rewrite it, is not waited for.
create or replace function reconcile.note_change(command text, objects text[]) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '20ms' set standard_conforming_strings = on as $$
declare
  sent text := pg_catalog.current_query();
  number bigint;
begin
  insert into reconcile.change (role, application, address, command, objects, statement)
  values (session_user, pg_catalog.left(pg_catalog.current_setting('application_name'), 64),
          coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), ''), command, objects[1:50],
          case when sent ~* 'passw|user\s+mapping|subscription' then ''
               else coalesce(pg_catalog.left(reconcile.without_literals(sent), 500), '') end)
  returning id into number;
  -- What an open transaction throws out is locked until it ends, so it is passed over; at the other levels of isolation
  -- even a look at it can be a conflict. Whoever comes later throws out what is left.
  if pg_catalog.current_setting('transaction_isolation') = 'read committed' then
    delete from reconcile.change where id = any (array(
      select id from reconcile.change where id <= number - 1000 order by id limit 100 for update skip locked));
  end if;
  -- With a full queue nobody could commit: somewhere a session listens and does not read.
  if pg_catalog.pg_notification_queue_usage() < 0.5 then
    perform pg_catalog.pg_notify('reconcile', '');
  end if;
exception when others then
  raise log 'reconcile could not note a change: %', sqlerrm;
end $$;
revoke all on function reconcile.note_change(text, text[]) from public;

create or replace function reconcile.note_ddl() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- Temporary objects and chunks come and go without anybody changing the schema.
  nobodys constant text := '^(pg_|_timescaledb|reconcile$|reconcile_quarantine$)';
  changes bigint;
  objects text[];
begin
  if pg_catalog.current_setting('reconcile.pass', true) = 'on' or tg_tag in ('REFRESH MATERIALIZED VIEW', 'REINDEX') then
    return;
  end if;
  if tg_event = 'sql_drop' then
    select pg_catalog.count(*), pg_catalog.array_agg(distinct d.object_identity) into changes, objects
    from pg_catalog.pg_event_trigger_dropped_objects() d
    where not d.is_temporary and coalesce(d.schema_name, '') !~ nobodys and d.object_type not in ('type', 'default value');
  else
    select pg_catalog.count(*), pg_catalog.array_agg(distinct c.object_identity) filter (where c.object_identity is not null)
    into changes, objects
    from pg_catalog.pg_event_trigger_ddl_commands() c where coalesce(c.schema_name, '') !~ nobodys;
  end if;
  if changes > 0 then
    perform reconcile.note_change(tg_tag, coalesce(objects, '{}'));
  end if;
exception when others then
  raise log 'reconcile could not note a change: %', sqlerrm;
end $$;
revoke all on function reconcile.note_ddl() from public;

create or replace function reconcile.note_rows() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  objects text[] := '{}';
begin
  if pg_catalog.current_setting('reconcile.pass', true) = 'on' then
    return null;
  end if;
  if tg_op <> 'TRUNCATE' then
    execute pg_catalog.format('select pg_catalog.array_agg(name) from (select distinct %s as name from changed limit 50) names',
                              tg_argv[0]) into objects;
  end if;
  if objects is not null then
    perform reconcile.note_change(tg_op || ' ' || tg_table_name, objects);
  end if;
  return null;
exception when others then
  raise log 'reconcile could not note a change: %', sqlerrm;
  return null;
end $$;
revoke all on function reconcile.note_rows() from public;

do $$
declare
  watched record;
begin
  for watched in
    select t.name, pg_catalog.lower(o.operation) as operation, t.object, o.rows
    from (values ('directus_collections', 'collection::text'),
                 ('directus_fields', 'collection || ''.'' || field'),
                 ('directus_relations', 'many_collection || ''.'' || many_field')) t(name, object)
    cross join (values ('INSERT', 'referencing new table as changed'), ('UPDATE', 'referencing new table as changed'),
                       ('DELETE', 'referencing old table as changed'), ('TRUNCATE', '')) o(operation, rows)
    where pg_catalog.to_regclass('public.' || t.name) is not null
      and not exists (select from pg_catalog.pg_trigger g
                      where g.tgrelid = pg_catalog.to_regclass('public.' || t.name)
                        and g.tgname = 'reconcile_' || pg_catalog.lower(o.operation))
  loop
    execute pg_catalog.format('create trigger %I after %s on public.%I %s for each statement execute function reconcile.note_rows(%L)',
                              'reconcile_' || watched.operation, watched.operation, watched.name, watched.rows, watched.object);
  end loop;
end $$;
