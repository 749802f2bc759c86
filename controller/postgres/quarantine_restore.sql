-- The way back out of the schema reconcile_quarantine, and the way out for good. Each function does all of it or fails
-- with what is in the way.

-- Puts metadata rows back that are not there any more, with their ids; says which ones nothing would take.
create or replace function reconcile_quarantine.put_back(target regclass, kept json, identity text[])
returns setof text language plpgsql set search_path = '' as $$
declare
  entry json;
  columns text;
  same text;
  there boolean;
begin
  for entry in select value from json_array_elements(kept) loop
    -- Columns that this Directus has, and the one that kept the row had: others take their defaults.
    select string_agg(quote_ident(a.attname), ', ') into columns
    from pg_attribute a join json_object_keys(entry) k on k = a.attname
    where a.attrelid = target and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
    select string_agg(format('t.%1$I = n.%1$I', i), ' and ') into same from unnest(identity) i;
    execute format('select exists (select from %1$s t, json_populate_record(null::%1$s, $1) n where %2$s)', target, same)
      into there using entry;
    continue when there;
    begin
      execute format('insert into %1$s (%2$s) select %2$s from json_populate_record(null::%1$s, $1)', target, columns)
        using entry;
    exception when foreign_key_violation or unique_violation then
      return next format('a row of %s could not be put back: %s', target, sqlerrm);
    end;
  end loop;
end $$;

-- Makes what can be made of the constraints and indexes that went with it: where their other side is gone, it is said.
create or replace function reconcile_quarantine.put_back_constraints(definition json)
returns setof text language plpgsql set search_path = '' as $$
declare
  part record;
  missing text;
begin
  for part in select * from json_to_recordset(definition -> 'constraints')
              as c("on" text, name text, kind text, definition text, columns json, refers_to text, referred json) loop
    select string_agg(needed, ', ') into missing
    from (select part."on" || '.' || json_array_elements_text(part.columns) as needed, to_regclass(part."on") as home,
                 json_array_elements_text(part.columns) as column_name
          union all
          select part.refers_to || '.' || json_array_elements_text(part.referred), to_regclass(part.refers_to),
                 json_array_elements_text(part.referred)) n
    where not exists (select from pg_attribute a where a.attrelid = n.home and a.attname = n.column_name and not a.attisdropped);
    if missing is not null then
      return next format('constraint %s is not made: there is no %s', part.name, missing);
      continue;
    end if;
    continue when exists (select from pg_constraint c where c.conrelid = part."on"::regclass
                            and (c.conname = part.name or part.kind = 'p' and c.contype = 'p'));
    -- In two steps, so that rows are checked without the lock that keeps readers out of the other table.
    execute format('alter table %s add constraint %I %s%s', part."on", part.name, part.definition,
                   case when part.kind = 'f' and part.definition !~ 'NOT VALID$' then ' not valid' else '' end);
    if part.kind = 'f' and part.definition !~ 'NOT VALID$' then
      execute format('alter table %s validate constraint %I', part."on", part.name);
    end if;
  end loop;
  for part in select * from json_to_recordset(definition -> 'indexes') as i(name text, definition text) loop
    begin
      execute part.definition;
    exception when undefined_column or duplicate_table then
      return next format('index %s is not made: %s', part.name, sqlerrm);
    end;
  end loop;
end $$;

create or replace function reconcile_quarantine.restore_table(kept reconcile.quarantine)
returns void language plpgsql set search_path = '' as $$
declare
  part record;
begin
  if to_regclass(format('public.%I', kept.collection)) is not null then
    raise exception using errcode = '42P07', message = format('there is a table public.%I already', kept.collection),
      hint = format('rename it, or take the rows over from reconcile_quarantine.%I with SQL', kept.place);
  end if;
  for part in select * from jsonb_to_recordset(kept.renamed) as r(what text, schema text, name text, kept_as text) loop
    execute format('alter %s reconcile_quarantine.%I rename to %I', part.what, part.kept_as, part.name);
    if part.what = 'statistics' then
      execute format('alter statistics reconcile_quarantine.%I set schema %I', part.name, part.schema);
    end if;
  end loop;
  execute format('alter table reconcile_quarantine.%I set schema public', kept.place);
  execute format('alter table public.%I rename to %I', kept.place, kept.collection);
end $$;

-- Copies the values to the rows they belong to. No trigger may think that somebody edits them.
create or replace function reconcile_quarantine.put_back_values(kept reconcile.quarantine, home regclass)
returns void language plpgsql set search_path = '' as $$
declare
  triggers constant json := (select json_agg(json_build_object('name', tgname, 'always', tgenabled = 'A'))
                             from pg_trigger where tgrelid = home and not tgisinternal and tgenabled in ('O', 'A'));
  same constant text := (select string_agg(format('t.%1$I = k.%1$I', key), ' and ') from unnest(kept.key_columns) key);
  part record;
  put_back bigint;
  kept_values bigint;
begin
  for part in select * from json_to_recordset(triggers) as t(name text, always boolean) loop
    execute format('alter table %s disable trigger %I', home, part.name);
  end loop;
  execute format('analyze reconcile_quarantine.%I', kept.place);
  execute format('update %s t set %I = k.%2$I from reconcile_quarantine.%3$I k where %4$s', home, kept.field, kept.place, same);
  get diagnostics put_back = row_count;
  execute format('select count(*) from reconcile_quarantine.%I', kept.place) into kept_values;
  if put_back = kept_values then
    execute format('truncate reconcile_quarantine.%I', kept.place);
  else
    execute format('delete from reconcile_quarantine.%I k using %s t where %s', kept.place, home, same);
  end if;
  for part in select * from json_to_recordset(triggers) as t(name text, always boolean) loop
    execute format('alter table %s enable %s trigger %I', home, case when part.always then 'always' else '' end, part.name);
  end loop;
end $$;

create or replace function reconcile_quarantine.restore_column(kept reconcile.quarantine)
returns void language plpgsql set search_path = '' as $$
declare
  column_name constant text := kept.field;
  home constant regclass := to_regclass(format('public.%I', kept.collection));
  shape constant json := kept.definition -> 'column';
  part record;
  bare bigint;
begin
  if home is null then
    raise exception using message = format('there is no table public.%I to put it back into', kept.collection),
      hint = 'bring that back first: `reconcile restore` lists what is there';
  elsif exists (select from pg_attribute where attrelid = home and attname = column_name and not attisdropped) then
    raise exception using message = format('%s has a column %I already', home, column_name),
      hint = format('rename it, or take the values over from reconcile_quarantine.%I with SQL', kept.place);
  elsif kept.place is not null and kept.key_columns is null then
    raise exception using message = format('%s had no other key, so that its values belong to no row for certain', home),
      hint = format('take them over with SQL: the rows as they were are in reconcile_quarantine.%I', kept.place);
  end if;
  for part in select * from jsonb_to_recordset(kept.renamed) as r(what text, schema text, name text, kept_as text) loop
    execute format('alter sequence reconcile_quarantine.%I set schema %I', part.kept_as, part.schema);
    execute format('alter sequence %I.%I rename to %I', part.schema, part.kept_as, part.name);
  end loop;
  execute format('alter table %s add column %I %s %s %s', home, column_name, shape ->> 'type',
                 'collate ' || (shape ->> 'collation'), shape ->> 'generated');
  if kept.place is not null then
    perform reconcile_quarantine.put_back_values(kept, home);
  end if;
  if shape ->> 'default' is not null then
    execute format('alter table %s alter column %I set default %s', home, column_name, shape ->> 'default');
  end if;
  if (shape ->> 'not_null')::boolean then
    if shape ->> 'default' is not null then  -- rows that came since
      execute format('update %s set %I = default where %2$I is null', home, column_name);
    end if;
    execute format('select count(*) from %s where %I is null', home, column_name) into bare;
    if bare > 0 then
      raise exception using errcode = '23502', message = format('rows came since that have no %I, which may not be null: %s', column_name, bare),
        hint = format('insert their keys and values into reconcile_quarantine.%I first', kept.place);
    end if;
    execute format('alter table %s alter column %I set not null', home, column_name);
  end if;
  if shape ->> 'identity' is not null then
    execute format('alter table %s alter column %I add generated %s as identity (start with %s)', home, column_name,
                   shape ->> 'identity', kept.next_value);
  end if;
  for part in select * from jsonb_to_recordset(kept.renamed) as r(what text, schema text, name text) loop
    execute format('alter sequence %I.%I owned by %s.%I', part.schema, part.name, home, column_name);
  end loop;
  execute format('comment on column %s.%I is %L', home, column_name, shape ->> 'comment');
end $$;

-- Values whose row is gone stay in quarantine; otherwise the entry is closed.
create or replace function reconcile_quarantine.close_restored(kept reconcile.quarantine, who text)
returns setof text language plpgsql set search_path = '' as $$
declare
  remaining bigint := 0;
begin
  if kept.kind = 'field' and kept.place is not null then
    execute format('select count(*) from reconcile_quarantine.%I', kept.place) into remaining;
    if remaining = 0 then
      execute format('drop table reconcile_quarantine.%I', kept.place);
    else
      return next format('values whose rows are gone: %s; they stay in reconcile_quarantine.%I until `reconcile purge %s`',
                         remaining, kept.place, kept.id);
    end if;
  end if;
  update reconcile.quarantine
  set rows = case when remaining > 0 then remaining else rows end, renamed = '[]',
      ended = case when remaining = 0 then 'restored' end, ended_at = now(), ended_by = who
  where id = kept.id;
end $$;

-- Brings one entry back; returns what could not be brought back with it.
create or replace function reconcile_quarantine.restore(wanted bigint, who text)
returns setof text language plpgsql set search_path = '' as $$
declare
  kept reconcile.quarantine;
begin
  select * into kept from reconcile.quarantine where id = wanted and ended is null for update;
  if not found then
    raise exception using message = format('nothing with the number %s is in quarantine', wanted),
      hint = '`reconcile restore` lists what is there';
  end if;
  if kept.kind = 'collection' and kept.taken then
    perform reconcile_quarantine.restore_table(kept);
  elsif kept.kind = 'field' and kept.taken then
    perform reconcile_quarantine.restore_column(kept);
  end if;
  if kept.taken or kept.kind = 'relation' then
    return query select reconcile_quarantine.put_back_constraints(kept.definition);
  end if;
  return query select reconcile_quarantine.put_back('public.directus_collections', kept.metadata -> 'directus_collections', '{collection}');
  return query select reconcile_quarantine.put_back('public.directus_fields', kept.metadata -> 'directus_fields', '{collection,field}');
  return query select reconcile_quarantine.put_back('public.directus_relations', (
      -- Those of fields that are gone wait for them.
      select coalesce(json_agg(r), '[]') from json_array_elements(kept.metadata -> 'directus_relations') r
      where exists (select from public.directus_fields f
                    where f.collection = r ->> 'many_collection' and f.field = r ->> 'many_field')
         or exists (select from pg_attribute a
                    where a.attrelid = to_regclass(format('public.%I', r ->> 'many_collection'))
                      and a.attname = r ->> 'many_field' and not a.attisdropped)),
    '{many_collection,many_field}');
  return query select reconcile_quarantine.put_back('public.directus_permissions', kept.metadata -> 'directus_permissions', '{id}');
  return query select reconcile_quarantine.put_back('public.directus_presets', kept.metadata -> 'directus_presets', '{id}');
  return query select reconcile_quarantine.close_restored(kept, who);
end $$;

-- Ends entries for good, with their rows.
create or replace function reconcile_quarantine.purge(wanted bigint[], who text)
returns void language plpgsql set search_path = '' as $$
declare
  kept reconcile.quarantine;
  part record;
begin
  for kept in select * from reconcile.quarantine where id = any (wanted) and ended is null order by id for update loop
    if kept.place is not null then
      execute format('drop table reconcile_quarantine.%I', kept.place);
    end if;
    for part in select * from jsonb_to_recordset(kept.renamed) as r(what text, kept_as text)
                where what = 'sequence' and kept.kind = 'field' loop
      execute format('drop sequence reconcile_quarantine.%I', part.kept_as);
    end loop;
    update reconcile.quarantine
    set ended = 'purged', ended_at = now(), ended_by = who, definition = '{}', metadata = '{}', renamed = '[]'
    where id = kept.id;
  end loop;
end $$;
